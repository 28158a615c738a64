#include "embedded_platform/platform_schema.h"

namespace yz::platform {

namespace {

constexpr const char* kFirst = R"(
CREATE TABLE studies (
    uid TEXT PRIMARY KEY,
    patient_id TEXT NOT NULL,
    accession TEXT NOT NULL,
    study_date TEXT NOT NULL,
    attributes TEXT NOT NULL,
    order_json TEXT NOT NULL DEFAULT '',
    last_arrival INTEGER NOT NULL,
    unsettled INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX studies_patient ON studies(patient_id);
CREATE INDEX studies_accession ON studies(accession);
CREATE INDEX studies_unsettled ON studies(unsettled) WHERE unsettled = 1;
CREATE TABLE series (
    uid TEXT PRIMARY KEY,
    study_uid TEXT NOT NULL REFERENCES studies(uid),
    modality TEXT NOT NULL,
    attributes TEXT NOT NULL
) STRICT;
CREATE INDEX series_study ON series(study_uid);
CREATE TABLE instances (
    uid TEXT PRIMARY KEY,
    series_uid TEXT NOT NULL REFERENCES series(uid),
    study_uid TEXT NOT NULL REFERENCES studies(uid),
    sop_class TEXT NOT NULL,
    transfer_syntax TEXT NOT NULL,
    number INTEGER NOT NULL,
    path TEXT NOT NULL,
    is_ours INTEGER NOT NULL,
    size INTEGER NOT NULL,
    data_offset INTEGER NOT NULL,
    file_sha256 BLOB NOT NULL,
    attributes TEXT NOT NULL,
    arrived INTEGER NOT NULL
) STRICT;
CREATE INDEX instances_series ON instances(series_uid, number);
CREATE INDEX instances_study ON instances(study_uid);
CREATE INDEX instances_syntax ON instances(sop_class, transfer_syntax);
CREATE INDEX instances_path ON instances(path);
CREATE TABLE workitems (
    uid TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    transaction_uid TEXT NOT NULL DEFAULT '',
    holder TEXT NOT NULL DEFAULT '',
    claimed INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL,
    follow_up INTEGER NOT NULL DEFAULT 0,
    data_set BLOB NOT NULL
) STRICT;
CREATE INDEX workitems_state ON workitems(state);
CREATE INDEX workitems_study ON workitems(study_uid);
CREATE TABLE subscriptions (
    ae_title TEXT NOT NULL,
    workitem TEXT NOT NULL,
    deletion_lock INTEGER NOT NULL,
    PRIMARY KEY (ae_title, workitem)
) STRICT;
CREATE TABLE nodes (
    ae_title TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    port INTEGER NOT NULL
) STRICT;
CREATE TABLE commitments (
    transaction_uid TEXT NOT NULL,
    ae_title TEXT NOT NULL,
    references_json TEXT NOT NULL,
    asked INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (transaction_uid, ae_title)
) STRICT;
)";

// What several platforms may share (state_database.h): writes that can be recognized, events that outlive a kill.
constexpr const char* kShared = R"(
ALTER TABLE workitems ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workitems ADD COLUMN writes TEXT NOT NULL DEFAULT '';
ALTER TABLE workitems ADD COLUMN origin TEXT;
CREATE UNIQUE INDEX workitems_origin ON workitems(origin);
CREATE INDEX workitems_follow_up ON workitems(changed) WHERE follow_up = 1;
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cause TEXT NOT NULL,
    ae_title TEXT NOT NULL,
    workitem TEXT NOT NULL,
    type INTEGER NOT NULL,
    data_set BLOB NOT NULL,
    made INTEGER NOT NULL,
    UNIQUE (cause, ae_title)
) STRICT;
CREATE INDEX events_receiver ON events(ae_title, id);
CREATE TABLE event_turns (
    ae_title TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;
)";

constexpr const char* kWatched = R"(
CREATE TABLE watched_archives (
    ae_title TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL,
    looked INTEGER NOT NULL
) STRICT;
CREATE TABLE watched_studies (
    ae_title TEXT NOT NULL,
    uid TEXT NOT NULL,
    instances INTEGER NOT NULL,
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    order_json TEXT NOT NULL,
    PRIMARY KEY (ae_title, uid)
) STRICT;
)";

} // namespace

const std::vector<Migration>& platformMigrations() {
    static const std::vector<Migration> migrations{
        {"first", kFirst}, {"shared", kShared}, {"watched archives", kWatched}};
    return migrations;
}

} // namespace yz::platform
