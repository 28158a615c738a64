#include "dicom/worker/header_batch.h"

#include "dicom/data/header_scan.h"
#include "dicom/worker/record_archive.h"

#include <algorithm>
#include <cstring>

namespace yz::dicom {

namespace {

/// A file of which only the head is here; knows whether somebody wanted more.
class HeadOnlySource final : public ByteSource {
public:
    explicit HeadOnlySource(const FileHead& head) : m_head(head) {}
    [[nodiscard]] qint64 size() const override { return m_head.fileBytes; }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        const qint64 end = std::min(offset + static_cast<qint64>(target.size()), m_head.fileBytes);
        if (offset < 0 || end > m_head.bytes.size()) {
            m_wasTooShort = true;
            return fail(ErrorCode::FileUnreadable, QStringLiteral("more than the head is needed"));
        }
        const auto count = static_cast<size_t>(std::max<qint64>(end - offset, 0));
        std::memcpy(target.data(), m_head.bytes.constData() + offset, count);
        return count;
    }
    [[nodiscard]] bool wasTooShort() const { return m_wasTooShort; }

private:
    const FileHead& m_head;
    mutable bool m_wasTooShort = false;
};

Result<std::vector<FileHead>> headsOf(const ByteSource& batch) {
    const Result<QByteArray> bytes = readExactly(batch, 0, batch.size());
    if (!bytes)
        return fail(bytes.error());
    auto heads = decodeRecord<std::vector<FileHead>>(
        std::as_bytes(std::span(bytes->constData(), static_cast<size_t>(bytes->size()))));
    if (!heads)
        return fail(ErrorCode::DataSetBroken, QStringLiteral("not a batch of heads"));
    return heads;
}

std::optional<DataSetHeader> headerOf(const FileHead& head) {
    const auto source = std::make_shared<const HeadOnlySource>(head);
    Result<DataSetHeader> header = scanHeader(source);
    return header && !source->wasTooShort() ? std::optional(std::move(*header)) : std::nullopt;
}

} // namespace

Result<std::vector<HeadAnswer>> scanHeads(const ByteSource& batch) {
    const Result<std::vector<FileHead>> heads = headsOf(batch);
    if (!heads)
        return fail(heads.error());
    std::vector<HeadAnswer> answers;
    answers.reserve(heads->size());
    for (const FileHead& head : *heads)
        answers.push_back({headerOf(head), {}});
    return answers;
}

Result<std::vector<HeadAnswer>> describeHeads(const ByteSource& batch, const OpenedSink& opened) {
    const Result<std::vector<FileHead>> heads = headsOf(batch);
    if (!heads)
        return fail(heads.error());
    std::vector<HeadAnswer> answers;
    answers.reserve(heads->size());
    for (const FileHead& head : *heads) {
        HeadAnswer& answer = answers.emplace_back(HeadAnswer{headerOf(head), {}});
        if (!answer.header || answer.header->instance.frameCount <= 0)
            continue;
        const auto source = std::make_shared<const HeadOnlySource>(head);
        const auto image = openImage(source);
        if (!image || source->wasTooShort())
            continue;
        answer.image = DescribedImage{*(*image)->description, (*image)->plain};
        opened(head.file, (*image)->closed());
    }
    return answers;
}

} // namespace yz::dicom
