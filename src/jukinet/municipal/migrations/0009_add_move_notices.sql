-- What other municipalities have told: somebody moved in there (M02), an annex of a family register here changes (M04).
CREATE TABLE register.move_in_notice (
    resident_record_code text        COLLATE "C" NOT NULL,
    notice_number        text        COLLATE "C" NOT NULL,
    sender               text        NOT NULL,
    name                 text        NOT NULL,
    birth_date           text        COLLATE "C" NOT NULL,
    municipality         text        COLLATE "C" NOT NULL,
    address              text        NOT NULL,
    moved_in_on          text        COLLATE "C" NOT NULL,
    residence            integer     NOT NULL,
    received_at          timestamptz NOT NULL,
    state                text        NOT NULL
        CHECK (state IN ('received', 'applied', 'unmatched', 'dismissed')),
    resident_number      bigint,
    error_code           text,
    settled_at           timestamptz,
    settled_by           text,
    PRIMARY KEY (resident_record_code, notice_number, sender),
    CHECK ((state = 'unmatched') = (error_code IS NOT NULL)),
    CHECK ((state = 'received') = (settled_at IS NULL)),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL))
);
COMMENT ON TABLE register.move_in_notice IS '他の市町村からの転入通知';
COMMENT ON COLUMN register.move_in_notice.sender IS '通知した市町村のノード';
COMMENT ON COLUMN register.move_in_notice.municipality IS '転入先の全国地方公共団体コード';
COMMENT ON COLUMN register.move_in_notice.address IS '転入先の住所';
COMMENT ON COLUMN register.move_in_notice.moved_in_on IS '転入をした年月日';
COMMENT ON COLUMN register.move_in_notice.residence IS '転入先での在住の順番（最初は0）';
COMMENT ON COLUMN register.move_in_notice.state IS '受理、転出確定、要確認、取下げの別';
COMMENT ON COLUMN register.move_in_notice.resident_number IS '転出を確定した住民の番号';
COMMENT ON COLUMN register.move_in_notice.error_code IS '転出を確定できない理由';
CREATE INDEX move_in_notice_open ON register.move_in_notice (received_at) WHERE state IN ('received', 'unmatched');

CREATE TABLE register.annex_notice (
    notice_number       text        COLLATE "C" NOT NULL,
    sender              text        NOT NULL,
    name                text        NOT NULL,
    birth_date          text        COLLATE "C" NOT NULL,
    registered_domicile text        NOT NULL,
    first_listed_person text        NOT NULL,
    address             text        NOT NULL,
    address_since_on    text        COLLATE "C" NOT NULL,
    reason              text        COLLATE "C" NOT NULL,
    changed_on          text        COLLATE "C" NOT NULL,
    received_at         timestamptz NOT NULL,
    PRIMARY KEY (notice_number, sender)
);
COMMENT ON TABLE register.annex_notice IS '戸籍の附票記載事項通知（戸籍の担当が附票を修正する）';
COMMENT ON COLUMN register.annex_notice.registered_domicile IS '本籍';
COMMENT ON COLUMN register.annex_notice.first_listed_person IS '筆頭者';
COMMENT ON COLUMN register.annex_notice.address_since_on IS '住所を定めた年月日';
COMMENT ON COLUMN register.annex_notice.reason IS '異動事由';
CREATE INDEX annex_notice_received ON register.annex_notice (received_at);

GRANT SELECT, INSERT, UPDATE ON register.move_in_notice TO :"app_role";
GRANT SELECT, INSERT ON register.annex_notice TO :"app_role";
