-- A merger of municipalities, at the one that ceases and at the one that continues it: who made and approved it, and
-- how far it has come. What is handed over keeps its own numbers, moved by the bases.
CREATE TABLE register.merger (
    outgoing           text COLLATE "C" NOT NULL,
    successor          text COLLATE "C" NOT NULL,
    public_notice      text        NOT NULL,
    noticed_on         date        NOT NULL,
    effective_on       date        NOT NULL,
    state              text        NOT NULL
        CHECK (state IN ('made', 'approved', 'handed_over', 'taking_over', 'taken_over', 'finished')),
    made_at            timestamptz NOT NULL,
    made_by            text        NOT NULL,
    approved_at        timestamptz,
    approved_by        text,
    handed_over_at     timestamptz,
    resident_base      bigint,
    household_base     bigint,
    act_base           bigint,
    code_notice_base   bigint,
    person_notice_base bigint,
    last_household     bigint,
    parts_received     integer     NOT NULL DEFAULT 0,
    rows_received      bigint      NOT NULL DEFAULT 0,
    parts_expected     integer,
    rows_expected      bigint,
    merged_until       bigint,
    residents          bigint      NOT NULL DEFAULT 0,
    finished_at        timestamptz,
    CONSTRAINT merger_pkey PRIMARY KEY (outgoing),
    CONSTRAINT merger_two_persons CHECK (approved_by <> made_by),
    CONSTRAINT merger_approved
        CHECK ((state = 'made') = (approved_at IS NULL) AND (approved_at IS NULL) = (approved_by IS NULL))
);
COMMENT ON TABLE register.merger IS '市町村の廃置分合';
COMMENT ON COLUMN register.merger.outgoing IS '廃止される市町村の全国地方公共団体コード';
COMMENT ON COLUMN register.merger.successor IS '承継する市町村の全国地方公共団体コード';
COMMENT ON COLUMN register.merger.public_notice IS '告示番号';
COMMENT ON COLUMN register.merger.noticed_on IS '告示の年月日';
COMMENT ON COLUMN register.merger.effective_on IS '廃置分合の効力が生ずる年月日';
COMMENT ON COLUMN register.merger.made_by IS '作成した操作者';
COMMENT ON COLUMN register.merger.approved_by IS '承認した操作者';
COMMENT ON COLUMN register.merger.resident_base IS '引き継いだ宛名番号に加える数';
COMMENT ON COLUMN register.merger.household_base IS '引き継いだ世帯番号に加える数';
COMMENT ON COLUMN register.merger.merged_until IS '住所を改めた世帯の番号（ここまで済み）';
COMMENT ON COLUMN register.merger.residents IS '住所を改めた人数';

CREATE TABLE register.merger_town (
    outgoing    text COLLATE "C" NOT NULL,
    row_number  integer NOT NULL CHECK (row_number > 0),
    old_place   text    NOT NULL,
    new_place   text    NOT NULL,
    postal_code text COLLATE "C",
    CONSTRAINT merger_town_pkey PRIMARY KEY (outgoing, row_number)
);
COMMENT ON TABLE register.merger_town IS '廃置分合に伴う町・字の名称の変更';

CREATE TABLE register.merger_refusal (
    outgoing         text COLLATE "C" NOT NULL,
    household_number bigint NOT NULL,
    error_code       text   NOT NULL,
    error_field      text,
    CONSTRAINT merger_refusal_pkey PRIMARY KEY (outgoing, household_number)
);
COMMENT ON TABLE register.merger_refusal IS '廃置分合で住所を改められなかった世帯';

-- Who lived in both municipalities has a record in both registers. The one that is not the present one stays as it is.
ALTER TABLE register.resident ADD COLUMN is_former boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN register.resident.is_former IS '廃置分合前の他方の市町村の住民票（同じ人の現在の住民票が別にある）';
ALTER TABLE register.resident DROP CONSTRAINT resident_resident_record_code;
CREATE UNIQUE INDEX resident_resident_record_code ON register.resident (resident_record_code) WHERE NOT is_former;

GRANT SELECT, INSERT, UPDATE, DELETE ON register.merger, register.merger_town, register.merger_refusal TO :"app_role";
-- Numbers that were handed over are set apart in one go.
GRANT SELECT, UPDATE ON SEQUENCE register.resident_number, register.household_number, register.act_act_number_seq,
    register.code_notice_notice_number_seq, register.person_notice_notice_number_seq TO :"app_role";
