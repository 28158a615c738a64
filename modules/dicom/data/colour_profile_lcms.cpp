#include "dicom/data/colour_profile_lcms.h"

#include <QHash>
#include <algorithm>
#include <cstdlib>
#include <lcms2.h>
#include <mutex>

namespace yz::dicom {

namespace {

constexpr int kSize = 33;
constexpr int kSameAsSrgb = 257 * 3 / 2;
constexpr qsizetype kMaximumProfile = 16 << 20;

struct ProfileCloser {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, ProfileCloser>;
struct TransformCloser {
    void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Transform = std::unique_ptr<void, TransformCloser>;

std::shared_ptr<const ColourCube> sample(const QByteArray& bytes) {
    const Profile device(cmsOpenProfileFromMem(bytes.constData(), static_cast<cmsUInt32Number>(bytes.size())));
    if (!device || cmsGetColorSpace(device.get()) != cmsSigRgbData)
        return nullptr;
    const Profile screen(cmsCreate_sRGBProfile());
    const Transform transform(cmsCreateTransform(device.get(), TYPE_RGB_16, screen.get(), TYPE_RGB_16,
                                                 INTENT_RELATIVE_COLORIMETRIC,
                                                 cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_HIGHRESPRECALC));
    if (!transform)
        return nullptr;
    auto cube = std::make_shared<ColourCube>();
    cube->size = kSize;
    const auto level = [](int i) { return static_cast<std::uint16_t>((i * 65535 + (kSize - 1) / 2) / (kSize - 1)); };
    for (int r = 0; r < kSize; ++r)
        for (int g = 0; g < kSize; ++g)
            for (int b = 0; b < kSize; ++b)
                cube->entries.push_back({level(r), level(g), level(b)});
    const auto original = cube->entries;
    cmsDoTransform(transform.get(), original.data(), cube->entries.data(),
                   static_cast<cmsUInt32Number>(original.size()));
    int largest = 0;
    for (size_t i = 0; i < original.size(); ++i)
        for (size_t channel = 0; channel < 3; ++channel)
            largest = std::max(largest, std::abs(int(original[i][channel]) - int(cube->entries[i][channel])));
    return largest <= kSameAsSrgb ? nullptr : cube;
}

} // namespace

std::shared_ptr<const ColourCube> colourCube(const QByteArray& profile) {
    if (profile.isEmpty() || profile.size() > kMaximumProfile)
        return nullptr;
    constexpr qsizetype kKept = 16; // one per device: few
    static std::mutex mutex;
    static QHash<QByteArray, std::shared_ptr<const ColourCube>> known;
    const std::scoped_lock lock(mutex);
    const auto found = known.constFind(profile);
    if (found != known.constEnd())
        return *found;
    if (known.size() >= kKept)
        known.clear();
    return *known.insert(profile, sample(profile));
}

std::uint32_t argbOfLab(int lightness, int a, int b) {
    // The encoding is that of ICC version 4, which lcms calls TYPE_Lab_16.
    static const Transform transform = [] {
        const Profile lab(cmsCreateLab4Profile(nullptr));
        const Profile screen(cmsCreate_sRGBProfile());
        return Transform(cmsCreateTransform(lab.get(), TYPE_Lab_16, screen.get(), TYPE_RGB_8,
                                            INTENT_RELATIVE_COLORIMETRIC,
                                            cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE)); // shared by threads, exact
    }();
    const auto word = [](int value) { return static_cast<std::uint16_t>(std::clamp(value, 0, 65535)); };
    const std::array<std::uint16_t, 3> in{word(lightness), word(a), word(b)};
    std::array<std::uint8_t, 3> out{};
    cmsDoTransform(transform.get(), in.data(), out.data(), 1);
    return 0xff000000u | std::uint32_t{out[0]} << 16 | std::uint32_t{out[1]} << 8 | out[2];
}

std::array<std::uint16_t, 3> labOfArgb(std::uint32_t argb) {
    static const Transform transform = [] {
        const Profile screen(cmsCreate_sRGBProfile());
        const Profile lab(cmsCreateLab4Profile(nullptr));
        return Transform(cmsCreateTransform(screen.get(), TYPE_RGB_8, lab.get(), TYPE_Lab_16,
                                            INTENT_RELATIVE_COLORIMETRIC,
                                            cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE)); // shared by threads, exact
    }();
    const std::array<std::uint8_t, 3> in{static_cast<std::uint8_t>(argb >> 16), static_cast<std::uint8_t>(argb >> 8),
                                         static_cast<std::uint8_t>(argb)};
    std::array<std::uint16_t, 3> out{};
    cmsDoTransform(transform.get(), in.data(), out.data(), 1);
    return out;
}

QByteArray sRgbInputProfile() {
    const Profile profile(cmsCreate_sRGBProfile());
    cmsSetDeviceClass(profile.get(), cmsSigInputClass);
    cmsSetProfileVersion(profile.get(), 2.4);
    cmsUInt32Number size = 0;
    if (!cmsSaveProfileToMem(profile.get(), nullptr, &size))
        return {};
    QByteArray bytes(static_cast<qsizetype>(size), '\0');
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size))
        return {};
    if (bytes.size() % 2 == 1) // an OB has an even length
        bytes.append('\0');
    return bytes;
}

} // namespace yz::dicom
