-- What a person is found by (docs/provision.md): one row per name and address somebody has or had, folded by the domain.
CREATE TABLE identification.search_key (
    resident_record_code text COLLATE "C" NOT NULL,
    digest               bytea NOT NULL,
    kana_key             text COLLATE "C" NOT NULL,
    name_key             text COLLATE "C" NOT NULL,
    municipality         text COLLATE "C" NOT NULL,
    address_key          text COLLATE "C" NOT NULL,
    birth_date           text COLLATE "C" NOT NULL,
    CONSTRAINT search_key_pkey PRIMARY KEY (resident_record_code, digest)
);
COMMENT ON TABLE identification.search_key IS '4情報による照会の鍵（氏名・住所ごとに一行。過去のものも残す）';
COMMENT ON COLUMN identification.search_key.resident_record_code IS '住民票コード';
COMMENT ON COLUMN identification.search_key.digest IS '鍵のハッシュ値';
COMMENT ON COLUMN identification.search_key.kana_key IS 'ふりがな（清音化等の正規化後）';
COMMENT ON COLUMN identification.search_key.name_key IS '氏名・通称・旧氏（異体字の正規化後）';
COMMENT ON COLUMN identification.search_key.municipality IS '全国地方公共団体コード';
COMMENT ON COLUMN identification.search_key.address_key IS '住所（市区町村名より後、正規化後）';
COMMENT ON COLUMN identification.search_key.birth_date IS '生年月日（不詳を含む）';
-- One of these per way in. The entries of one birth date, or of one name, are few enough to be read in the index itself
-- for the municipality or the date.
CREATE INDEX search_key_birth_date ON identification.search_key (birth_date, kana_key, municipality);
CREATE INDEX search_key_kana ON identification.search_key (municipality, kana_key);
CREATE INDEX search_key_name ON identification.search_key (name_key, municipality, birth_date);

-- People of before there were keys get theirs in the order of their codes: how far that has come.
CREATE TABLE identification.search_filling (
    name        text COLLATE "C" NOT NULL DEFAULT 'search_key' CHECK (name = 'search_key'),
    after       text COLLATE "C" NOT NULL,
    is_complete boolean NOT NULL,
    CONSTRAINT search_filling_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE identification.search_filling IS '鍵のない者に鍵を補う処理の進み具合';
COMMENT ON COLUMN identification.search_filling.after IS 'この住民票コードまで済んでいる';
INSERT INTO identification.search_filling (after, is_complete) VALUES ('', false);

GRANT SELECT, UPDATE ON identification.search_filling TO :"app_role";
GRANT SELECT, INSERT, DELETE ON identification.search_key TO :"app_role";
