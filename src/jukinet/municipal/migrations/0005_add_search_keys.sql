-- What residents are found by: folded by the rules of the domain, one row per name and address somebody has or had.
CREATE TABLE register.search_key (
    resident_number bigint  NOT NULL,
    digest          bytea   NOT NULL,
    kana_key        text COLLATE "C" NOT NULL,
    given_kana_key  text COLLATE "C" NOT NULL,
    name_key        text COLLATE "C" NOT NULL,
    given_name_key  text COLLATE "C" NOT NULL,
    address_key     text COLLATE "C" NOT NULL,
    birth_date      text COLLATE "C" NOT NULL,
    is_current      boolean NOT NULL,
    is_removed      boolean NOT NULL,
    CONSTRAINT search_key_pkey PRIMARY KEY (resident_number, digest)
);
COMMENT ON TABLE register.search_key IS '住民検索の鍵（氏名・住所ごとに一行。過去のものも残す）';
COMMENT ON COLUMN register.search_key.digest IS '鍵のハッシュ値';
COMMENT ON COLUMN register.search_key.kana_key IS 'ふりがな（清音化等の正規化後）';
COMMENT ON COLUMN register.search_key.given_kana_key IS '名のふりがな';
COMMENT ON COLUMN register.search_key.name_key IS '氏名・通称・旧氏（異体字の正規化後）';
COMMENT ON COLUMN register.search_key.given_name_key IS '名';
COMMENT ON COLUMN register.search_key.address_key IS '住所（市区町村名より後、正規化後）';
COMMENT ON COLUMN register.search_key.is_current IS 'いまの記載の鍵';
COMMENT ON COLUMN register.search_key.is_removed IS '除票';
CREATE INDEX search_key_kana ON register.search_key (kana_key text_pattern_ops);
CREATE INDEX search_key_given_kana ON register.search_key (given_kana_key text_pattern_ops)
    WHERE given_kana_key <> '';
CREATE INDEX search_key_name ON register.search_key (name_key text_pattern_ops);
CREATE INDEX search_key_given_name ON register.search_key (given_name_key text_pattern_ops)
    WHERE given_name_key <> '';
CREATE INDEX search_key_address ON register.search_key (address_key text_pattern_ops);
CREATE INDEX search_key_birth_date ON register.search_key (birth_date text_pattern_ops);

-- Few are protected, and every search asks who: nobody may be found by an address that is hidden.
CREATE INDEX resident_record_protected ON register.resident_record (resident_number, version) WHERE is_protected;

GRANT SELECT, INSERT, UPDATE, DELETE ON register.search_key TO :"app_role";
