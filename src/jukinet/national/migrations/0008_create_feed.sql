-- The change feed: who follows whom on which ground, and the events of every organ in its own order.
CREATE SCHEMA feed;
COMMENT ON SCHEMA feed IS '変更の継続提供';

-- One row for each organ that follows or followed anybody. Numbers are given in the transaction that applies a change,
-- and those wait for each other: what is committed first has the smaller number, and none is left out.
CREATE TABLE feed.reader (
    agency        text   NOT NULL,
    last_sequence bigint NOT NULL DEFAULT 0,
    deleted       bigint NOT NULL DEFAULT 0,
    CONSTRAINT reader_pkey PRIMARY KEY (agency)
) WITH (fillfactor = 50);
COMMENT ON TABLE feed.reader IS '変更の継続提供を受ける機関';
COMMENT ON COLUMN feed.reader.last_sequence IS '最後の通し番号';
COMMENT ON COLUMN feed.reader.deleted IS 'この番号までは保存期間の満了により消した';

CREATE TABLE feed.subscription (
    agency          text        NOT NULL,
    subscription_id text        NOT NULL,
    affair          text        NOT NULL,
    purpose         text        NOT NULL,
    matter_number   text        NOT NULL,
    official        text        NOT NULL,
    office          text        NOT NULL,
    ground          text        NOT NULL,
    items           text[]      NOT NULL,
    kinds           text[]      NOT NULL,
    begun_at        timestamptz NOT NULL,
    expires_on      date        NOT NULL,
    ended_at        timestamptz,
    batch_id        text,
    lines           bigint      NOT NULL DEFAULT 0,
    portions        integer     NOT NULL DEFAULT 0,
    is_complete     boolean     NOT NULL DEFAULT true,
    request         bytea       NOT NULL,
    signature       text        NOT NULL,
    CONSTRAINT subscription_pkey PRIMARY KEY (agency, subscription_id)
);
COMMENT ON TABLE feed.subscription IS '変更の継続提供の登録（事務・案件ごと）';
COMMENT ON COLUMN feed.subscription.items IS '求める項目';
COMMENT ON COLUMN feed.subscription.kinds IS '求める変更の種別';
COMMENT ON COLUMN feed.subscription.expires_on IS '最後の日。この日の翌日から何も提供しない';
COMMENT ON COLUMN feed.subscription.batch_id IS '一括提供のファイルの全員についての登録であるとき、そのファイル';
COMMENT ON COLUMN feed.subscription.lines IS '登録を終えた明細の番号';
COMMENT ON COLUMN feed.subscription.portions IS '登録を終えたまとまりの数';
COMMENT ON COLUMN feed.subscription.request IS '署名された登録の電文（証跡）';
CREATE INDEX subscription_to_fill ON feed.subscription (agency, subscription_id) WHERE NOT is_complete;

CREATE TABLE feed.followed_person (
    resident_record_code text COLLATE "C" NOT NULL,
    agency               text             NOT NULL,
    subscription_id      text             NOT NULL,
    reference            text             NOT NULL,
    followed_by          text             NOT NULL,
    CONSTRAINT followed_person_pkey PRIMARY KEY (resident_record_code, agency, subscription_id)
);
CREATE INDEX followed_person_subscription ON feed.followed_person (agency, subscription_id, reference);
COMMENT ON TABLE feed.followed_person IS '変更の継続提供の対象者';
COMMENT ON COLUMN feed.followed_person.reference IS '機関の整理番号';
COMMENT ON COLUMN feed.followed_person.followed_by IS '登録のときに用いた番号';

-- An event holds no item of the person: those are read from the version of the record when the event is given.
CREATE TABLE feed.event (
    agency               text             NOT NULL,
    sequence             bigint           NOT NULL,
    event_id             uuid             NOT NULL DEFAULT gen_random_uuid(),
    subscription_id      text             NOT NULL,
    reference            text             NOT NULL,
    followed_by          text             NOT NULL,
    resident_record_code text COLLATE "C" NOT NULL,
    update_sequence      integer          NOT NULL,
    previous_number      text COLLATE "C",
    kind                 text             NOT NULL,
    items                text[]           NOT NULL,
    recorded_at          timestamptz      NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (agency, sequence)
);
COMMENT ON TABLE feed.event IS '変更の継続提供の事象（機関ごとの通し番号順）';
COMMENT ON COLUMN feed.event.previous_number IS '変更前の個人番号（変わったときだけ）';
COMMENT ON COLUMN feed.event.items IS '変わった項目';

GRANT USAGE ON SCHEMA feed TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON feed.reader, feed.subscription TO :"app_role";
GRANT SELECT, INSERT, DELETE ON feed.followed_person, feed.event TO :"app_role";
