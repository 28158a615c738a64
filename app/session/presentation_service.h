#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "core/uid.h"
#include "domain/ports.h"
#include "domain/presentation_object.h"
#include "domain/user.h"
#include "storage/outbox_store.h"

#include <vector>

namespace yz {

class DeskStore;
class FileVault;
struct Site;

/// Puts what a reader makes of the pictures - presentation states, key object selections - into the study: as a file in
/// the vault and in the index, and in the outbox for the platform. Each call blocks (lane Storage). NotFound: the study
/// is not here; the errors of PresentationObjectWriter and of the store.
class PresentationService {
public:
    PresentationService(DeskStore& store, PixelSource& pixels, PresentationObjectWriter& writer, const Clock& clock,
                        UidSource& uids, const Site& site)
        : m_store(store), m_pixels(pixels), m_writer(writer), m_clock(clock), m_uids(uids), m_site(site) {}

    /// The header of the new object, its path in it.
    [[nodiscard]] Result<DataSetHeader> savePresentation(const StudyUid& study, const PresentationState& state,
                                                         const std::vector<ReferencedFrames>& images, const User& user);
    [[nodiscard]] Result<DataSetHeader> saveKeyObjects(const StudyUid& study, const KeyObjectSelection& selection,
                                                       const User& user);

private:
    [[nodiscard]] Result<ObjectOrigin> origin(const StudyUid& study, const User& user);
    [[nodiscard]] Result<DataSetHeader> keep(const QByteArray& file, const ObjectOrigin& origin,
                                             const SopClassUid& sopClass, const User& user);

    DeskStore& m_store;
    PixelSource& m_pixels;
    PresentationObjectWriter& m_writer;
    const Clock& m_clock;
    UidSource& m_uids;
    const Site& m_site;
};

/// The objects of a StoreObjects item with their files. FileUnreadable, InvalidArgument.
[[nodiscard]] Result<std::vector<ObjectToSend>> objectsOf(const OutboxItem& item, const FileVault& vault);

} // namespace yz
