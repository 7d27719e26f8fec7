-- Which municipality continues which: without it, nobody continues the residents of another (Local Autonomy Act art. 7).
CREATE SCHEMA merger;
COMMENT ON SCHEMA merger IS '市町村の廃置分合';

CREATE TABLE merger.registered_merger (
    outgoing      text COLLATE "C" NOT NULL,
    successor     text COLLATE "C" NOT NULL,
    public_notice text        NOT NULL,
    noticed_on    date        NOT NULL,
    effective_on  date        NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by text        NOT NULL,
    approved_at   timestamptz,
    approved_by   text,
    CONSTRAINT registered_merger_pkey PRIMARY KEY (outgoing),
    CONSTRAINT registered_merger_two_persons CHECK (approved_by <> registered_by),
    CONSTRAINT registered_merger_approved CHECK ((approved_at IS NULL) = (approved_by IS NULL))
);
COMMENT ON TABLE merger.registered_merger IS '市町村の廃置分合';
COMMENT ON COLUMN merger.registered_merger.outgoing IS '廃止される市町村の全国地方公共団体コード';
COMMENT ON COLUMN merger.registered_merger.successor IS '承継する市町村の全国地方公共団体コード';
COMMENT ON COLUMN merger.registered_merger.public_notice IS '告示番号';
COMMENT ON COLUMN merger.registered_merger.noticed_on IS '告示の年月日';
COMMENT ON COLUMN merger.registered_merger.effective_on IS '廃置分合の効力が生ずる年月日';
COMMENT ON COLUMN merger.registered_merger.registered_by IS '登録した操作者';
COMMENT ON COLUMN merger.registered_merger.approved_by IS '承認した操作者';

GRANT USAGE ON SCHEMA merger TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON merger.registered_merger TO :"app_role";
