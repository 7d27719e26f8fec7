-- Only the statutory items have a column (I1). Both tables distribute by resident record code.
CREATE SCHEMA identification;
COMMENT ON SCHEMA identification IS '本人確認情報';

CREATE TABLE identification.record (
    resident_record_code          text COLLATE "C" NOT NULL,
    individual_number             text COLLATE "C",
    name                          text        NOT NULL,
    kana                          text        NOT NULL,
    former_surname                text,
    alias                         text,
    birth_date                    text COLLATE "C" NOT NULL,
    sex                           text COLLATE "C" NOT NULL,
    municipality                  text COLLATE "C" NOT NULL,
    address                       text        NOT NULL,
    postal_code                   text COLLATE "C",
    change_reason                 text COLLATE "C" NOT NULL,
    changed_on                    text COLLATE "C" NOT NULL,
    previous_resident_record_code text COLLATE "C",
    update_sequence               integer     NOT NULL CHECK (update_sequence > 0),
    is_removed                    boolean     NOT NULL,
    received_at                   timestamptz NOT NULL
) WITH (fillfactor = 85);
ALTER TABLE identification.record ADD CONSTRAINT record_pkey PRIMARY KEY (resident_record_code);
CREATE INDEX record_individual_number ON identification.record (individual_number);
COMMENT ON TABLE identification.record IS '現在の本人確認情報（消除された者は消除時のもの）';
COMMENT ON COLUMN identification.record.resident_record_code IS '住民票コード';
COMMENT ON COLUMN identification.record.individual_number IS '個人番号';
COMMENT ON COLUMN identification.record.name IS '氏名（Unicode と IVS）';
COMMENT ON COLUMN identification.record.kana IS 'ふりがな';
COMMENT ON COLUMN identification.record.former_surname IS '旧氏';
COMMENT ON COLUMN identification.record.alias IS '通称';
COMMENT ON COLUMN identification.record.birth_date IS '生年月日（不詳を含む）';
COMMENT ON COLUMN identification.record.sex IS '男女の別';
COMMENT ON COLUMN identification.record.municipality IS '全国地方公共団体コード';
COMMENT ON COLUMN identification.record.address IS '住所';
COMMENT ON COLUMN identification.record.change_reason IS '異動事由';
COMMENT ON COLUMN identification.record.changed_on IS '異動年月日';
COMMENT ON COLUMN identification.record.previous_resident_record_code IS '変更前の住民票コード';
COMMENT ON COLUMN identification.record.update_sequence IS '更新順番号';
COMMENT ON COLUMN identification.record.is_removed IS '消除の別';

CREATE TABLE identification.superseded_record (
    LIKE identification.record,
    PRIMARY KEY (resident_record_code, update_sequence)
);
COMMENT ON TABLE identification.superseded_record IS '過去の本人確認情報（保存期間に係るもの）';

GRANT USAGE ON SCHEMA identification TO :"app_role";
GRANT SELECT, INSERT, UPDATE, DELETE ON identification.record TO :"app_role";
GRANT SELECT, INSERT ON identification.superseded_record TO :"app_role";
DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO :"app_role"', current_database());
END
$$;
