CREATE SCHEMA delivery;
COMMENT ON SCHEMA delivery IS 'ノード間の送受信';

-- One row is one parcel: the notices of one act, or of one received batch, in order, as a JSON array without brackets.
CREATE TABLE delivery.outbox (
    receiver     text        NOT NULL,
    position     bigint      GENERATED ALWAYS AS IDENTITY,
    message_type text        NOT NULL,
    notices      bytea       NOT NULL,
    notice_count integer     NOT NULL CHECK (notice_count > 0),
    queued_at    timestamptz NOT NULL,
    PRIMARY KEY (receiver, position)
);
COMMENT ON TABLE delivery.outbox IS '送信待ち。相手の受領が確かになった時に消える';

-- Parcels the receiver will never accept as they are: they wait for an operator, the others flow.
CREATE TABLE delivery.refused_parcel (
    receiver     text        NOT NULL,
    position     bigint      NOT NULL,
    message_type text        NOT NULL,
    notices      bytea       NOT NULL,
    notice_count integer     NOT NULL,
    queued_at    timestamptz NOT NULL,
    refused_at   timestamptz NOT NULL,
    error_code   text        NOT NULL,
    error_field  text,
    PRIMARY KEY (receiver, position)
);
COMMENT ON TABLE delivery.refused_parcel IS '相手に拒否され、操作者の処置を待つ送信分';

CREATE TABLE delivery.line (
    receiver        text        NOT NULL,
    failing_since   timestamptz,
    attempts        integer     NOT NULL DEFAULT 0,
    last_error_code text,
    last_success_at timestamptz,
    PRIMARY KEY (receiver)
);
COMMENT ON TABLE delivery.line IS '相手ごとの回線の状態';

CREATE TABLE delivery.received_message (
    message_id  text        NOT NULL,
    sender      text        NOT NULL,
    received_at timestamptz NOT NULL,
    type        text        NOT NULL,
    sha256      bytea       NOT NULL,
    signature   text,
    PRIMARY KEY (message_id, sender)
);
COMMENT ON TABLE delivery.received_message IS '受信した電文。同じ識別番号の電文は二度受け取らない';

-- A notice that was not applied on arrival: bad itself (quarantined), or waiting for an earlier one (waiting).
CREATE TABLE delivery.held_notice (
    resident_record_code text        COLLATE "C" NOT NULL,
    arrival              bigint      GENERATED ALWAYS AS IDENTITY,
    update_sequence      integer     NOT NULL,
    state                text        NOT NULL CHECK (state IN ('quarantined', 'waiting', 'applied', 'superseded')),
    notice               bytea       NOT NULL,
    sender               text        NOT NULL,
    message_id           text        NOT NULL,
    error_code           text,
    error_field          text,
    held_at              timestamptz NOT NULL,
    settled_at           timestamptz,
    settled_by           text,
    PRIMARY KEY (resident_record_code, arrival),
    CHECK ((state IN ('applied', 'superseded')) = (settled_at IS NOT NULL)),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL))
);
COMMENT ON TABLE delivery.held_notice IS '保留中の通知。一人の保留は他の人の通知を止めない';
CREATE INDEX held_notice_open ON delivery.held_notice (resident_record_code, update_sequence)
    WHERE state IN ('quarantined', 'waiting');

-- What a receiver reported about notices this node sent.
CREATE TABLE delivery.reported_quarantine (
    receiver             text        NOT NULL,
    resident_record_code text        COLLATE "C" NOT NULL,
    update_sequence      integer     NOT NULL,
    error_code           text        NOT NULL,
    error_field          text,
    reported_at          timestamptz NOT NULL,
    PRIMARY KEY (resident_record_code, update_sequence, receiver, reported_at)
);
COMMENT ON TABLE delivery.reported_quarantine IS '相手から保留と知らされた送信済みの通知';

GRANT USAGE ON SCHEMA delivery TO :"app_role";
GRANT SELECT, INSERT, DELETE ON delivery.outbox, delivery.refused_parcel TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON delivery.line TO :"app_role";
GRANT SELECT, INSERT ON delivery.received_message, delivery.reported_quarantine TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON delivery.held_notice TO :"app_role";
