#include "crash_states.h"

#include <QDir>
#include <QFile>
#include <limits>
#include <random>
#include <set>
#include <utility>

namespace yz::test {

namespace {

using Kind = DiskOp::Kind;
constexpr size_t kNever = std::numeric_limits<size_t>::max();

/// std::distributions differ between libraries; a seed must mean the same state everywhere.
class Dice {
public:
    explicit Dice(uint64_t seed) : m_engine(seed) {}
    bool comes(double probability) { return static_cast<double>(m_engine() >> 11) * 0x1.0p-53 < probability; }
    uint64_t number() { return m_engine(); }

private:
    std::mt19937_64 m_engine;
};

bool isOnName(Kind kind) {
    return kind == Kind::CreateFile || kind == Kind::CreateFolder || kind == Kind::Rename || kind == Kind::Unlink;
}

void put(QByteArray& content, int64_t at, const char* bytes, qsizetype size) {
    if (content.size() < at + size)
        content.append(QByteArray(at + size - content.size(), '\0'));
    std::copy_n(bytes, size, content.begin() + at);
}

/// The part of an unsynced write that came, sector by sector as they lie on the disk.
void putSectors(QByteArray& content, const DiskOp& op, const PowerCut& cut, Dice& dice) {
    const int64_t end = op.at + op.bytes.size();
    for (int64_t from = op.at; from < end;) {
        const int64_t to = std::min(end, (from / cut.sector + 1) * cut.sector);
        if (dice.comes(0.5)) {
            put(content, from, op.bytes.constData() + (from - op.at), to - from);
        } else if (cut.noise && dice.comes(0.3)) {
            QByteArray noise(to - from, '\0');
            for (char& byte : noise)
                byte = static_cast<char>(dice.number());
            put(content, from, noise.constData(), noise.size());
        }
        from = to;
    }
}

} // namespace

CrashStates::CrashStates(std::vector<DiskOp> ops) : m_ops(std::move(ops)), m_kept(m_ops.size(), kNever) {
    // Backwards: the next sync of each node from here on. After a sync of a file that failed the system may have
    // forgotten what it could not write, and a later one says nothing about it. Names are another matter: they go
    // through the journal of the file system (ext4, XFS), which takes nothing more once it has failed, so that a later
    // sync of the folder that succeeds tells the truth.
    std::set<int> folders{kRootNode};
    for (const DiskOp& op : m_ops)
        if (op.kind == Kind::CreateFolder)
            folders.insert(op.node);
    std::map<int, size_t> nextSync;
    for (size_t i = m_ops.size(); i-- > 0;) {
        const DiskOp& op = m_ops[i];
        if (op.kind == Kind::Sync)
            nextSync[op.node] = i + 1;
        else if (op.kind == Kind::SyncFailed && !folders.contains(op.node))
            nextSync.erase(op.node);
        else if (op.kind != Kind::Mark) {
            const auto found = nextSync.find(isOnName(op.kind) ? op.folder : op.node);
            m_kept[i] = found == nextSync.end() ? kNever : found->second;
        }
    }
}

int CrashStates::lastMark(size_t at) const {
    for (size_t i = at; i-- > 0;)
        if (m_ops[i].kind == Kind::Mark)
            return m_ops[i].node;
    return -1;
}

DiskImage CrashStates::image(const PowerCut& cut) const {
    Dice dice(cut.seed);
    std::map<std::pair<int, std::string>, int> names;
    std::map<int, QByteArray> contents;
    std::map<int, bool> isFolder{{kRootNode, true}};
    for (size_t i = 0; i < cut.at; ++i) {
        const DiskOp& op = m_ops[i];
        if (op.kind == Kind::CreateFile || op.kind == Kind::CreateFolder)
            isFolder[op.node] = op.kind == Kind::CreateFolder;
        if (op.kind == Kind::Mark || op.kind == Kind::Sync || op.kind == Kind::SyncFailed)
            continue;
        const bool isSure = m_kept[i] <= cut.at;
        const bool comes = isSure || dice.comes(cut.keep);
        switch (op.kind) {
        case Kind::CreateFile:
        case Kind::CreateFolder:
            if (comes)
                names[{op.folder, op.name}] = op.node;
            break;
        case Kind::Unlink:
            if (comes)
                names.erase({op.folder, op.name});
            break;
        case Kind::Rename:
            if (comes) {
                names.erase({op.fromFolder, op.fromName});
                names[{op.folder, op.name}] = op.node;
            }
            break;
        case Kind::Write:
            if (comes && (isSure || cut.sector == 0 || !dice.comes(0.3)))
                put(contents[op.node], op.at, op.bytes.constData(), op.bytes.size());
            else if (comes)
                putSectors(contents[op.node], op, cut, dice);
            break;
        case Kind::Truncate:
            if (comes)
                contents[op.node].resize(op.at, '\0');
            break;
        default:
            break;
        }
    }
    // What can be reached by name from the watched folder.
    DiskImage image;
    std::vector<std::pair<int, std::string>> open{{kRootNode, {}}};
    while (!open.empty()) {
        const auto [folder, path] = open.back();
        open.pop_back();
        for (auto it = names.lower_bound({folder, {}}); it != names.end() && it->first.first == folder; ++it) {
            const std::string name = path + it->first.second;
            if (isFolder[it->second]) {
                image[name + '/'];
                open.emplace_back(it->second, name + '/');
            } else {
                image[name] = contents[it->second];
            }
        }
    }
    // The index of the log is shared memory: any of its pages may have been written back, or none.
    for (auto& [name, content] : image)
        if (name.ends_with("-shm"))
            for (char& byte : content)
                if (dice.comes(cut.keep * 0.5))
                    byte = static_cast<char>(dice.number());
    return image;
}

void CrashStates::write(const DiskImage& image, const QString& folder) {
    QDir(folder).removeRecursively();
    if (!QDir().mkpath(folder))
        qFatal("mkdir %s", qPrintable(folder));
    for (const auto& [name, content] : image) {
        const QString path = folder + u'/' + QFile::decodeName(QByteArray::fromStdString(name));
        if (name.ends_with('/')) {
            QDir().mkpath(path);
            continue;
        }
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("write %s", qPrintable(path));
    }
}

} // namespace yz::test
