-- Whom the organ follows, and the events it was told, until their retention is over.
CREATE SCHEMA feed;
COMMENT ON SCHEMA feed IS '変更の継続提供';

CREATE TABLE feed.subscription (
    subscription_id text        NOT NULL,
    asked_at        timestamptz NOT NULL,
    official        text        NOT NULL,
    office          text        NOT NULL,
    affair          text        NOT NULL,
    matter_number   text        NOT NULL,
    purpose         text        NOT NULL,
    items           text[]      NOT NULL,
    expires_on      date        NOT NULL,
    people          bigint      NOT NULL,
    batch_id        text,
    is_complete     boolean     NOT NULL,
    ended_at        timestamptz,
    CONSTRAINT subscription_pkey PRIMARY KEY (subscription_id)
);
COMMENT ON TABLE feed.subscription IS '変更の継続提供の登録';

CREATE TABLE feed.event (
    sequence        bigint      NOT NULL,
    event_id        text        NOT NULL,
    subscription_id text        NOT NULL,
    content         text        NOT NULL,
    fetched_at      timestamptz NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (sequence)
);
COMMENT ON TABLE feed.event IS '受け取った変更（保存期間の満了で消す）';
COMMENT ON COLUMN feed.event.content IS '受け取ったままの事象';

-- One row: how far this node has read, and what it has deleted or missed.
CREATE TABLE feed.position (
    is_only      boolean     NOT NULL DEFAULT true CHECK (is_only),
    scanned      bigint      NOT NULL DEFAULT 0,
    newest       bigint      NOT NULL DEFAULT 0,
    deleted      bigint      NOT NULL DEFAULT 0,
    missed_after bigint,
    missed_until bigint,
    read_at      timestamptz,
    CONSTRAINT position_pkey PRIMARY KEY (is_only)
);
COMMENT ON TABLE feed.position IS '変更の受取りの位置';
COMMENT ON COLUMN feed.position.missed_until IS '全国サーバの保存期間が過ぎて受け取れなかった最後の番号';
INSERT INTO feed.position DEFAULT VALUES;

GRANT USAGE ON SCHEMA feed TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON feed.subscription TO :"app_role";
GRANT SELECT, INSERT, DELETE ON feed.event TO :"app_role";
GRANT SELECT, UPDATE ON feed.position TO :"app_role";
