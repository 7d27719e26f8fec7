-- Notices with a number of their own: one row each, so that one that is said again is received once.
CREATE TABLE delivery.received_notice (
    notice_number text        COLLATE "C" NOT NULL,
    sender        text        NOT NULL,
    message_type  text        NOT NULL,
    sha256        bytea       NOT NULL,
    message_id    text        NOT NULL,
    received_at   timestamptz NOT NULL,
    state         text        NOT NULL CHECK (state IN ('received', 'quarantined')),
    notice        bytea,
    error_code    text,
    error_field   text,
    PRIMARY KEY (notice_number, sender),
    CHECK ((state = 'quarantined') = (error_code IS NOT NULL)),
    CHECK ((state = 'quarantined') = (notice IS NOT NULL))
);
COMMENT ON TABLE delivery.received_notice IS '通知番号のある通知の受信。同じ通知は一度だけ受け付ける';
COMMENT ON COLUMN delivery.received_notice.notice_number IS '通知番号（UUIDv7）';
COMMENT ON COLUMN delivery.received_notice.sha256 IS '通知の内容の要約。同じ番号で内容が異なる通知を見分ける';
COMMENT ON COLUMN delivery.received_notice.notice IS '受け付けられなかった通知の内容（保留中のものだけ）';
CREATE INDEX received_notice_quarantined ON delivery.received_notice (received_at) WHERE state = 'quarantined';

ALTER TABLE delivery.reported_quarantine ADD COLUMN reference text COLLATE "C" NOT NULL DEFAULT '';
COMMENT ON COLUMN delivery.reported_quarantine.reference IS '通知番号（住民票コードと更新順番号によらない通知）';
ALTER TABLE delivery.reported_quarantine
    DROP CONSTRAINT reported_quarantine_pkey,
    ADD CONSTRAINT reported_quarantine_pkey
        PRIMARY KEY (resident_record_code, update_sequence, receiver, reported_at, reference);

GRANT SELECT, INSERT, UPDATE ON delivery.received_notice TO :"app_role";
