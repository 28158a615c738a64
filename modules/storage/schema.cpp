#include "storage/schema.h"

namespace yz {

// Times are milliseconds since 1970 UTC unless a line says otherwise; states and kinds are the stable names of domain
// and of the stores.

namespace {

constexpr const char* usersAndSettings = R"(
CREATE TABLE user (
    id              TEXT NOT NULL PRIMARY KEY,
    login_name      TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name    TEXT NOT NULL,
    title           TEXT NOT NULL,
    hospital        TEXT NOT NULL,
    department      TEXT NOT NULL,
    roles           TEXT NOT NULL,  -- names separated by spaces
    is_demo         INTEGER NOT NULL CHECK (is_demo IN (0, 1)),
    password_hash   TEXT NOT NULL,
    failed_attempts INTEGER NOT NULL DEFAULT 0,
    locked_until    INTEGER,
    disabled        INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL             -- a JSON array of one value
) STRICT;
)";

constexpr const char* tasksAndClaims = R"(
CREATE TABLE task (
    uid      TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    json     TEXT NOT NULL
) STRICT;

CREATE TABLE task_snapshot (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    as_of INTEGER NOT NULL
) STRICT;

CREATE TABLE claim (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    task            TEXT NOT NULL,
    transaction_uid TEXT NOT NULL UNIQUE,
    user            TEXT NOT NULL,
    settled         TEXT NOT NULL CHECK (settled IN ('asked', 'held', 'finished')),
    at              INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX claim_unfinished ON claim (task) WHERE settled <> 'finished';
)";

constexpr const char* studies = R"(
CREATE TABLE study (
    uid          TEXT NOT NULL PRIMARY KEY,
    patient_id   TEXT NOT NULL,
    issuer_of_id TEXT NOT NULL,
    national_id  TEXT NOT NULL,
    patient_name TEXT NOT NULL,     -- PN with its component groups
    sex          TEXT NOT NULL,
    birth_date   TEXT NOT NULL,     -- ISO, empty when unknown
    age          TEXT NOT NULL,
    accession    TEXT NOT NULL,
    time         TEXT NOT NULL,     -- ISO as sent: DICOM times are local to the sender and carry no zone
    description  TEXT NOT NULL,
    institution  TEXT NOT NULL,
    added_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE series (
    uid           TEXT NOT NULL PRIMARY KEY,
    study         TEXT NOT NULL REFERENCES study (uid),
    modality      TEXT NOT NULL,
    number        INTEGER NOT NULL,
    description   TEXT NOT NULL,
    body_part     TEXT NOT NULL,
    laterality    TEXT NOT NULL,
    view_position TEXT NOT NULL,
    time          TEXT NOT NULL
) STRICT;
CREATE INDEX series_study ON series (study);

CREATE TABLE instance (
    uid             TEXT NOT NULL PRIMARY KEY,
    series          TEXT NOT NULL REFERENCES series (uid),
    sop_class       TEXT NOT NULL,
    transfer_syntax TEXT NOT NULL,
    number          INTEGER NOT NULL,
    frame_count     INTEGER NOT NULL,
    path            TEXT NOT NULL
) STRICT;
CREATE INDEX instance_series ON instance (series);

CREATE TABLE study_expected (       -- may be known before the first object is here
    study     TEXT NOT NULL PRIMARY KEY,
    instances INTEGER NOT NULL
) STRICT;

CREATE TABLE set_aside (
    study        TEXT NOT NULL,
    instance     TEXT NOT NULL,
    error_code   TEXT NOT NULL,
    error_detail TEXT NOT NULL,
    PRIMARY KEY (study, instance)
) STRICT;
)";

constexpr const char* reports = R"(
CREATE TABLE draft (
    task       TEXT NOT NULL,
    user       TEXT NOT NULL,
    content    TEXT NOT NULL,
    view_state TEXT NOT NULL,
    saved_at   INTEGER NOT NULL,
    PRIMARY KEY (task, user)
) STRICT;

CREATE TABLE report (
    id         TEXT NOT NULL PRIMARY KEY,
    study      TEXT NOT NULL,
    state      TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE report_version (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    sr_instance TEXT NOT NULL UNIQUE,
    report      TEXT NOT NULL REFERENCES report (id),
    version     INTEGER NOT NULL,
    study       TEXT NOT NULL,
    document    TEXT NOT NULL,      -- JSON, pictures left out
    sr_file     BLOB NOT NULL,
    pdf_file    BLOB NOT NULL,
    pdf         BLOB NOT NULL,
    received    INTEGER NOT NULL CHECK (received IN (0, 1)),
    written_at  INTEGER NOT NULL,
    UNIQUE (report, version)
) STRICT;
CREATE INDEX report_version_study ON report_version (study);

CREATE TABLE report_picture (
    sr_instance TEXT NOT NULL REFERENCES report_version (sr_instance),
    position    INTEGER NOT NULL,
    png         BLOB NOT NULL,
    PRIMARY KEY (sr_instance, position)
) STRICT;

CREATE TABLE report_signature (
    sr_instance TEXT NOT NULL REFERENCES report_version (sr_instance),
    position    INTEGER NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('author', 'reviewer')),
    manifest    BLOB NOT NULL,
    cms         BLOB NOT NULL,
    PRIMARY KEY (sr_instance, position)
) STRICT;

-- What happened to a version after it was signed; the version itself never changes.
CREATE TABLE report_version_fate (
    sr_instance TEXT NOT NULL PRIMARY KEY REFERENCES report_version (sr_instance),
    fate        TEXT NOT NULL CHECK (fate IN ('undone', 'published')),
    at          INTEGER NOT NULL
) STRICT;

CREATE TRIGGER report_version_no_update BEFORE UPDATE ON report_version
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_version_no_delete BEFORE DELETE ON report_version
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_picture_no_update BEFORE UPDATE ON report_picture
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_picture_no_delete BEFORE DELETE ON report_picture
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_signature_no_update BEFORE UPDATE ON report_signature
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_signature_no_delete BEFORE DELETE ON report_signature
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_version_fate_no_update BEFORE UPDATE ON report_version_fate
BEGIN SELECT RAISE (ABORT, 'the fate of a version is final'); END;
CREATE TRIGGER report_version_fate_no_delete BEFORE DELETE ON report_version_fate
BEGIN SELECT RAISE (ABORT, 'the fate of a version is final'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report
BEGIN SELECT RAISE (ABORT, 'a report is never deleted'); END;
)";

constexpr const char* outboxAndAudit = R"(
CREATE TABLE outbox (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT NOT NULL CHECK (kind IN ('store-report', 'set-output', 'complete-task', 'cancel-task')),
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'parked', 'withdrawn')),
    study           TEXT NOT NULL,
    task            TEXT NOT NULL,
    report_instance TEXT NOT NULL,
    transaction_uid TEXT NOT NULL,
    details         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    not_before      INTEGER,
    attempts        INTEGER NOT NULL,
    error_code      TEXT,
    error_detail    TEXT,
    delivered_at    INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (study, number) WHERE state IN ('queued', 'sent', 'parked');
CREATE INDEX outbox_report ON outbox (report_instance);
CREATE TRIGGER outbox_final BEFORE UPDATE ON outbox WHEN OLD.state IN ('delivered', 'withdrawn')
BEGIN SELECT RAISE (ABORT, 'a delivered or withdrawn item never changes'); END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE (ABORT, 'an outbox item is never deleted'); END;

CREATE TABLE audit (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    event    TEXT NOT NULL,
    user     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    success  INTEGER NOT NULL CHECK (success IN (0, 1)),
    details  TEXT NOT NULL,
    previous BLOB NOT NULL,         -- hash of the row before
    hash     BLOB NOT NULL          -- SHA-256 over previous and the fields of this row
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
)";

constexpr const char* measurementObjects = R"(
-- The SR with the reader's measurements that goes out with a version.
CREATE TABLE report_measurements (
    sr_instance TEXT NOT NULL PRIMARY KEY REFERENCES report_version (sr_instance),
    file        BLOB NOT NULL
) STRICT;
CREATE TRIGGER report_measurements_no_update BEFORE UPDATE ON report_measurements
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
CREATE TRIGGER report_measurements_no_delete BEFORE DELETE ON report_measurements
BEGIN SELECT RAISE (ABORT, 'a signed version never changes'); END;
)";

constexpr const char* studyUse = R"(
CREATE TABLE study_use (            -- when a reader last had it open; none: never
    study   TEXT NOT NULL PRIMARY KEY,
    used_at INTEGER NOT NULL
) STRICT;
)";

// SQLite cannot change a CHECK: the outbox is written anew with its new kinds and state and with the target of a row.
constexpr const char* outboxTargets = R"(
DROP TRIGGER outbox_final;
DROP TRIGGER outbox_no_delete;
CREATE TABLE outbox_with_target (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT NOT NULL CHECK (kind IN ('store-report', 'set-output', 'complete-task', 'cancel-task',
                                                  'store-objects', 'send-message')),
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'parked', 'withdrawn', 'held')),
    study           TEXT NOT NULL,
    task            TEXT NOT NULL,
    report_instance TEXT NOT NULL,
    transaction_uid TEXT NOT NULL,
    details         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    not_before      INTEGER,
    attempts        INTEGER NOT NULL,
    error_code      TEXT,
    error_detail    TEXT,
    delivered_at    INTEGER,
    target          TEXT NOT NULL DEFAULT '',   -- empty: the platform
    receipt         TEXT NOT NULL DEFAULT '',
    CHECK ((kind = 'send-message') = (target <> ''))
) STRICT;
INSERT INTO outbox_with_target (number, kind, state, study, task, report_instance, transaction_uid, details, created_at,
                                not_before, attempts, error_code, error_detail, delivered_at)
    SELECT number, kind, state, study, task, report_instance, transaction_uid, details, created_at, not_before, attempts,
           error_code, error_detail, delivered_at FROM outbox ORDER BY number;
DROP TABLE outbox;
ALTER TABLE outbox_with_target RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (study, number) WHERE state IN ('queued', 'sent', 'parked', 'held');
CREATE INDEX outbox_report ON outbox (report_instance);
CREATE TRIGGER outbox_final BEFORE UPDATE ON outbox WHEN OLD.state IN ('delivered', 'withdrawn')
BEGIN SELECT RAISE (ABORT, 'a delivered or withdrawn item never changes'); END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE (ABORT, 'an outbox item is never deleted'); END;

-- What goes to a target, written down before the first try.
CREATE TABLE outbox_message (
    number INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (number),
    bytes  BLOB NOT NULL
) STRICT;
CREATE TRIGGER outbox_message_no_update BEFORE UPDATE ON outbox_message
BEGIN SELECT RAISE (ABORT, 'a message never changes'); END;
CREATE TRIGGER outbox_message_no_delete BEFORE DELETE ON outbox_message
BEGIN SELECT RAISE (ABORT, 'a message is never deleted'); END;
)";

constexpr const char* conflicts = R"(
-- Work of this desk that another reader's claim, or the sender, stood in the way of; what was written stays.
CREATE TABLE conflict (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,
    task           TEXT NOT NULL,
    user           TEXT NOT NULL,
    study          TEXT NOT NULL,
    reason         TEXT NOT NULL,   -- name of an error code
    holder_name    TEXT NOT NULL,
    holder_station TEXT NOT NULL,
    sr_instance    TEXT NOT NULL,   -- our signed version that did not leave; empty: a draft only
    at             INTEGER NOT NULL,
    closed_at      INTEGER,
    UNIQUE (task, user)
) STRICT;
CREATE TRIGGER conflict_no_delete BEFORE DELETE ON conflict
BEGIN SELECT RAISE (ABORT, 'a conflict is never deleted'); END;
)";

constexpr const char* instanceChecksums = R"(
-- What was received, so that a file that changed on the disk is noticed.
CREATE TABLE instance_checksum (
    uid      TEXT NOT NULL PRIMARY KEY,
    checksum BLOB NOT NULL
) STRICT;
)";

} // namespace

const std::vector<Migration>& deskMigrations() {
    static const std::vector<Migration> migrations{
        {"users and settings", usersAndSettings},
        {"tasks and claims", tasksAndClaims},
        {"studies", studies},
        {"drafts and reports", reports},
        {"outbox and audit", outboxAndAudit},
        {"measurement objects", measurementObjects},
        {"use of studies", studyUse},
        {"outbox targets", outboxTargets},
        {"conflicts", conflicts},
        {"instance checksums", instanceChecksums},
    };
    return migrations;
}

} // namespace yz
