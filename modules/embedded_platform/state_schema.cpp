#include "embedded_platform/state_schema.h"

namespace yz::platform {

namespace {

constexpr const char* kFirst = R"(
CREATE TABLE workitems (
    uid TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    transaction_uid TEXT NOT NULL DEFAULT '',
    holder TEXT NOT NULL DEFAULT '',
    claimed BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL,
    follow_up BIGINT NOT NULL DEFAULT 0,
    data_set BYTEA NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    writes TEXT NOT NULL DEFAULT '',
    origin TEXT UNIQUE
);
CREATE INDEX workitems_state ON workitems(state);
CREATE INDEX workitems_study ON workitems(study_uid);
CREATE INDEX workitems_patient ON workitems(patient_id) WHERE state = 'SCHEDULED';
CREATE INDEX workitems_follow_up ON workitems(changed) WHERE follow_up = 1;
CREATE TABLE subscriptions (
    ae_title TEXT NOT NULL,
    workitem TEXT NOT NULL,
    deletion_lock BIGINT NOT NULL,
    PRIMARY KEY (ae_title, workitem)
);
CREATE INDEX subscriptions_workitem ON subscriptions(workitem);
CREATE TABLE nodes (
    ae_title TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    port BIGINT NOT NULL
);
CREATE TABLE events (
    id BIGSERIAL PRIMARY KEY,
    cause TEXT NOT NULL,
    ae_title TEXT NOT NULL,
    workitem TEXT NOT NULL,
    type BIGINT NOT NULL,
    data_set BYTEA NOT NULL,
    made BIGINT NOT NULL,
    UNIQUE (cause, ae_title)
);
CREATE INDEX events_receiver ON events(ae_title, id);
CREATE TABLE event_turns (
    ae_title TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);
)";

constexpr const char* kWatched = R"(
CREATE TABLE watched_archives (
    ae_title TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    looked BIGINT NOT NULL
);
CREATE TABLE watched_studies (
    ae_title TEXT NOT NULL,
    uid TEXT NOT NULL,
    instances BIGINT NOT NULL,
    since BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    order_json TEXT NOT NULL,
    PRIMARY KEY (ae_title, uid)
);
)";

} // namespace

const std::vector<Migration>& centerMigrations() {
    static const std::vector<Migration> migrations{{"first", kFirst}, {"watched archives", kWatched}};
    return migrations;
}

} // namespace yz::platform
