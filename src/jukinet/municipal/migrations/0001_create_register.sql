CREATE SCHEMA register;
COMMENT ON SCHEMA register IS '住民基本台帳';

-- Every change adds a version; nothing is overwritten.
CREATE TABLE register.resident_record (
    resident_number               bigint      NOT NULL,
    version                       integer     NOT NULL CHECK (version > 0),
    household_number              bigint      NOT NULL,
    relationship                  text        NOT NULL,
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
    is_removed                    boolean     NOT NULL,
    became_resident_on            text COLLATE "C" NOT NULL,
    address_since_on              text COLLATE "C" NOT NULL,
    nationality                   text,
    residence_status              text,
    is_protected                  boolean     NOT NULL,
    notified_on                   date,
    recorded_at                   timestamptz NOT NULL,
    recorded_by                   text        NOT NULL,
    PRIMARY KEY (resident_number, version)
);
COMMENT ON TABLE register.resident_record IS '住民票（版ごとに一行。上書きしない）';
COMMENT ON COLUMN register.resident_record.resident_number IS '宛名番号';
COMMENT ON COLUMN register.resident_record.household_number IS '世帯番号';
COMMENT ON COLUMN register.resident_record.relationship IS '世帯主との続柄';
COMMENT ON COLUMN register.resident_record.became_resident_on IS '住民となった年月日';
COMMENT ON COLUMN register.resident_record.address_since_on IS '住所を定めた年月日';
COMMENT ON COLUMN register.resident_record.notified_on IS '届出の年月日';
COMMENT ON COLUMN register.resident_record.is_protected IS '支援措置の対象';
CREATE INDEX resident_record_household ON register.resident_record (household_number);
CREATE INDEX resident_record_kana ON register.resident_record (kana text_pattern_ops);
CREATE INDEX resident_record_name ON register.resident_record (name text_pattern_ops);
CREATE INDEX resident_record_birth_date ON register.resident_record (birth_date);

-- One row per resident: the handle to lock, and where its history has come to.
CREATE TABLE register.resident (
    resident_number      bigint  NOT NULL,
    version              integer NOT NULL,
    resident_record_code text COLLATE "C" NOT NULL,
    update_sequence      integer NOT NULL CHECK (update_sequence > 0),
    is_removed           boolean NOT NULL,
    CONSTRAINT resident_pkey PRIMARY KEY (resident_number),
    CONSTRAINT resident_resident_record_code UNIQUE (resident_record_code)
);
COMMENT ON TABLE register.resident IS '住民ごとの現在の版';
COMMENT ON COLUMN register.resident.update_sequence IS '本人確認情報の更新順番号';

CREATE SEQUENCE register.resident_number;
CREATE SEQUENCE register.household_number;

-- What this municipality has notified upward, as it was notified.
CREATE TABLE register.notified_identification (
    resident_record_code text COLLATE "C" NOT NULL,
    update_sequence      integer     NOT NULL,
    notice               bytea       NOT NULL,
    queued_at            timestamptz NOT NULL,
    PRIMARY KEY (resident_record_code, update_sequence)
);
COMMENT ON TABLE register.notified_identification IS '通知した本人確認情報の写し';

CREATE TABLE register.code_pool (
    resident_record_code text COLLATE "C" NOT NULL,
    allotted_at          timestamptz NOT NULL,
    used_at              timestamptz,
    CONSTRAINT code_pool_pkey PRIMARY KEY (resident_record_code)
);
COMMENT ON TABLE register.code_pool IS '指定を受けた住民票コード';
CREATE INDEX code_pool_free ON register.code_pool (resident_record_code) WHERE used_at IS NULL;

GRANT USAGE ON SCHEMA register TO :"app_role";
GRANT USAGE ON SEQUENCE register.resident_number, register.household_number TO :"app_role";
GRANT SELECT, INSERT ON register.resident_record, register.notified_identification TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON register.resident, register.code_pool TO :"app_role";
