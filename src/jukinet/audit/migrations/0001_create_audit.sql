-- The application may read and append, never change or delete: that is the whole of its grants here.
CREATE SCHEMA audit;
COMMENT ON SCHEMA audit IS '監査証跡';

CREATE TABLE audit.event (
    event_id     uuid        NOT NULL,
    occurred_at  timestamptz NOT NULL,
    event        text        NOT NULL,
    outcome      text        NOT NULL CHECK (outcome IN ('done', 'refused')),
    actor        text        NOT NULL,
    resident_record_code text COLLATE "C",
    message_id   text,
    detail       jsonb       NOT NULL DEFAULT '{}',
    PRIMARY KEY (event_id)
);
COMMENT ON TABLE audit.event IS '操作履歴（追記のみ）';
COMMENT ON COLUMN audit.event.event_id IS 'UUIDv7。時刻順に並ぶ';
COMMENT ON COLUMN audit.event.actor IS '操作者又は相手ノード';
COMMENT ON COLUMN audit.event.resident_record_code IS '対象者の住民票コード';
CREATE INDEX event_resident ON audit.event (resident_record_code, event_id) WHERE resident_record_code IS NOT NULL;

CREATE TABLE audit.use_log (
    message_id           text        NOT NULL,
    agency               text        NOT NULL,
    used_at              timestamptz NOT NULL,
    resident_record_code text COLLATE "C",
    method               text        NOT NULL,
    affair               text        NOT NULL,
    purpose              text        NOT NULL,
    matter_number        text        NOT NULL,
    official             text        NOT NULL,
    asked_by             text        NOT NULL CHECK (asked_by IN ('resident_record_code', 'individual_number')),
    result               text        NOT NULL CHECK (result IN ('found', 'not_found')),
    items                text        NOT NULL,
    PRIMARY KEY (message_id, agency)
);
COMMENT ON TABLE audit.use_log IS '本人確認情報の提供状況（追記のみ）。提供の前に記録する';
COMMENT ON COLUMN audit.use_log.used_at IS '提供年月日時';
COMMENT ON COLUMN audit.use_log.resident_record_code IS '対象者の住民票コード。該当なしで番号から求められないときは空';
COMMENT ON COLUMN audit.use_log.method IS '機能区分（即時提供など）';
COMMENT ON COLUMN audit.use_log.affair IS '提供事務区分（別表の番号）';
COMMENT ON COLUMN audit.use_log.purpose IS '利用事由';
COMMENT ON COLUMN audit.use_log.matter_number IS '依頼管理番号';
COMMENT ON COLUMN audit.use_log.items IS '提供した本人確認情報の項目';
CREATE INDEX use_log_resident ON audit.use_log (resident_record_code, message_id);

GRANT USAGE ON SCHEMA audit TO :"app_role";
GRANT SELECT, INSERT ON audit.event, audit.use_log TO :"app_role";
