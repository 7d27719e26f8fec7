-- A file names thousands or millions of persons on one ground. What their entries have in common is kept once for each
-- transaction that matches lines (a portion), and who they are in pages of it, in the order of their codes: so an entry
-- costs 20 bytes and no index. Whoever looks for one person finds the pages by their first and last code until the
-- portion is sealed; sealing gives every entry a leaf with an index by person.
CREATE TABLE audit.file_use (
    message_id    text        NOT NULL,
    agency        text        NOT NULL,
    portion       integer     NOT NULL CHECK (portion >= 0),
    used_at       timestamptz NOT NULL,
    method        text        NOT NULL,
    affair        text        NOT NULL,
    purpose       text        NOT NULL,
    matter_number text        NOT NULL,
    official      text        NOT NULL,
    asked_by      text        NOT NULL,
    office        text,
    ground        text,
    results       text[]      NOT NULL,
    items         text[]      NOT NULL,
    entries       integer[]   NOT NULL,
    unnamed       integer     NOT NULL CHECK (unnamed >= 0),
    recorded_in   xid8        NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (message_id, agency, portion),
    CHECK (cardinality(results) = cardinality(items) AND cardinality(items) = cardinality(entries))
);
COMMENT ON TABLE audit.file_use IS 'ファイルによる提供状況の共通部分（追記のみ）。提供の前に記録する';
COMMENT ON COLUMN audit.file_use.portion IS '一度に照合したまとまりの番号';
COMMENT ON COLUMN audit.file_use.results IS '結果の種類ごとの結果';
COMMENT ON COLUMN audit.file_use.items IS '結果の種類ごとの、提供した本人確認情報の項目';
COMMENT ON COLUMN audit.file_use.entries IS '結果の種類ごとの記録の件数';
COMMENT ON COLUMN audit.file_use.unnamed IS '誰も特定されなかった明細の数（複数該当、該当なし）';
COMMENT ON COLUMN audit.file_use.recorded_in IS '記録した処理の番号。封印の対象を漏れなく求めるために用いる';
CREATE INDEX file_use_recorded ON audit.file_use (recorded_in);

CREATE TABLE audit.file_use_page (
    message_id text     NOT NULL,
    agency     text     NOT NULL,
    portion    integer  NOT NULL,
    page       integer  NOT NULL CHECK (page >= 0),
    first_code text COLLATE "C" NOT NULL,
    last_code  text COLLATE "C" NOT NULL,
    codes      text[] COLLATE "C" NOT NULL,
    places     integer[]  NOT NULL,
    kinds      smallint[] NOT NULL,
    PRIMARY KEY (message_id, agency, portion, page),
    CHECK (cardinality(codes) = cardinality(places) AND cardinality(places) = cardinality(kinds))
);
ALTER TABLE audit.file_use_page
    ALTER COLUMN codes SET STORAGE EXTERNAL,
    ALTER COLUMN places SET STORAGE EXTERNAL,
    ALTER COLUMN kinds SET STORAGE EXTERNAL;
COMMENT ON TABLE audit.file_use_page IS 'ファイルにより提供された者（追記のみ）。住民票コードの順に一定数ずつまとめる';
COMMENT ON COLUMN audit.file_use_page.codes IS '住民票コード';
COMMENT ON COLUMN audit.file_use_page.places IS 'ファイルの行番号';
COMMENT ON COLUMN audit.file_use_page.kinds IS '結果の種類（audit.file_use の results と items の何番目か、0から）';

-- The seal of a portion: the salts of its leaves follow from the secret, their wordings from the kind.
CREATE TABLE audit.sealed_file_use (
    message_id text    NOT NULL,
    agency     text    NOT NULL,
    portion    integer NOT NULL,
    first_leaf bigint  NOT NULL,
    secret     bytea   NOT NULL CHECK (length(secret) = 32),
    wordings   bytea[] NOT NULL,
    PRIMARY KEY (message_id, agency, portion)
);
COMMENT ON TABLE audit.sealed_file_use IS 'ファイルによる提供状況の封印（追記のみ）';
COMMENT ON COLUMN audit.sealed_file_use.secret IS '葉ごとの乱数を導く秘密の値';
COMMENT ON COLUMN audit.sealed_file_use.wordings IS '結果の種類ごとの、日本語の説明のハッシュ値';

CREATE TABLE audit.file_leaf (
    resident_record_code text COLLATE "C" NOT NULL,
    message_id           text     NOT NULL,
    agency               text     NOT NULL,
    place                integer  NOT NULL,
    portion              integer  NOT NULL,
    kind                 smallint NOT NULL,
    ordinal              bigint   NOT NULL,
    leaf_index           bigint   NOT NULL,
    PRIMARY KEY (resident_record_code, message_id, agency, place)
);
COMMENT ON TABLE audit.file_leaf IS 'ファイルによる提供状況の葉（追記のみ）';
COMMENT ON COLUMN audit.file_leaf.place IS 'ファイルの行番号';
COMMENT ON COLUMN audit.file_leaf.ordinal IS '本人の何件目の記録か（1から）';
COMMENT ON COLUMN audit.file_leaf.leaf_index IS '葉の番号（0から）';

-- Every entry in full, however it is kept; and how many there are of what kind, which reads no page.
CREATE VIEW audit.every_use AS
    SELECT message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number, official,
           asked_by, result, items, office, ground, withheld_reason, withheld_until
      FROM audit.use_log
     UNION ALL
    SELECT message_id, agency, member.place, file_use.used_at, member.code, file_use.method, file_use.affair,
           file_use.purpose, file_use.matter_number, file_use.official, file_use.asked_by,
           file_use.results[member.kind + 1], file_use.items[member.kind + 1], file_use.office, file_use.ground,
           NULL, NULL
      FROM audit.file_use
      JOIN audit.file_use_page USING (message_id, agency, portion)
     CROSS JOIN unnest(file_use_page.codes, file_use_page.places, file_use_page.kinds) AS member (code, place, kind);
COMMENT ON VIEW audit.every_use IS 'すべての提供状況（一人一件）';
CREATE VIEW audit.counted_use AS
    SELECT message_id, agency, used_at, method, affair, office, result, items, withheld_reason, withheld_until,
           1 AS entries
      FROM audit.use_log
     UNION ALL
    SELECT message_id, agency, used_at, method, affair, office, counted.result, counted.items, NULL, NULL,
           counted.entries
      FROM audit.file_use
     CROSS JOIN unnest(file_use.results, file_use.items, file_use.entries) AS counted (result, items, entries)
     WHERE counted.entries > 0;
COMMENT ON VIEW audit.counted_use IS 'すべての提供状況の件数（年次の公表などに用いる）。件数は entries の合計';

-- Portions that have no seal yet: what the last head's snapshot did not show, and everything on a restored server, whose
-- transactions are numbered anew.
CREATE VIEW audit.unsealed_file_use AS
    SELECT message_id, agency, portion
      FROM audit.file_use
     WHERE recorded_in >= COALESCE((SELECT CASE WHEN pg_snapshot_xmin(horizon) <= pg_snapshot_xmax(pg_current_snapshot())
                                                THEN pg_snapshot_xmin(horizon) END
                                      FROM audit.head
                                     ORDER BY number DESC
                                     LIMIT 1), '0'::xid8)
       AND NOT EXISTS (SELECT FROM audit.sealed_file_use AS sealed
                        WHERE sealed.message_id = file_use.message_id AND sealed.agency = file_use.agency
                          AND sealed.portion = file_use.portion);
COMMENT ON VIEW audit.unsealed_file_use IS 'まだ封印していないまとまり';

-- Nothing reads leaves by their number.
DROP INDEX audit.leaf_number;

GRANT SELECT, INSERT ON audit.file_use, audit.file_use_page, audit.sealed_file_use, audit.file_leaf TO :"app_role";
GRANT SELECT ON audit.every_use, audit.counted_use, audit.unsealed_file_use TO :"app_role";
