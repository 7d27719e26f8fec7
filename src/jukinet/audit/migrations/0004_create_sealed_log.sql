-- The Merkle log (RFC 9162) over use-log entries: leaves, nodes, heads. Everything is appended, nothing changed.
CREATE TABLE audit.leaf (
    message_id           text    NOT NULL,
    agency               text    NOT NULL,
    place                integer NOT NULL,
    kind                 text    NOT NULL CHECK (kind IN ('use', 'reveal', 'set')),
    leaf_index           bigint  NOT NULL CHECK (leaf_index >= 0),
    salt                 bytea   NOT NULL CHECK (length(salt) = 32),
    wording              bytea,
    resident_record_code text COLLATE "C",
    ordinal              bigint,
    content              text,
    PRIMARY KEY (message_id, agency, place, kind),
    CHECK ((resident_record_code IS NULL) = (ordinal IS NULL))
);
COMMENT ON TABLE audit.leaf IS '封印した記録（追記のみ）。提供の記録、留保の解除、ファイルごとの証明が一件ずつ葉となる';
COMMENT ON COLUMN audit.leaf.leaf_index IS '葉の番号（0から）';
COMMENT ON COLUMN audit.leaf.salt IS '内容を推測されないための乱数';
COMMENT ON COLUMN audit.leaf.wording IS '日本語の説明のハッシュ値';
COMMENT ON COLUMN audit.leaf.ordinal IS '本人の何件目の記録か（1から）。表示を留保しているときは空';
COMMENT ON COLUMN audit.leaf.content IS '葉の内容。提供の記録は audit.use_log から求めるので空';
CREATE INDEX leaf_number ON audit.leaf (leaf_index);
CREATE INDEX leaf_person ON audit.leaf (resident_record_code, ordinal) WHERE resident_record_code IS NOT NULL;
CREATE INDEX use_log_withheld ON audit.use_log (withheld_until, message_id) WHERE withheld_reason IS NOT NULL;

CREATE TABLE audit.log_page (
    level    smallint NOT NULL,
    position bigint   NOT NULL,
    nodes    bytea    NOT NULL CHECK (length(nodes) = 512),
    PRIMARY KEY (position, level)
);
COMMENT ON TABLE audit.log_page IS '木の節のハッシュ値を16個ずつまとめたもの（追記のみ）';

CREATE TABLE audit.head (
    number      bigint      NOT NULL,
    tree_size   bigint      NOT NULL,
    sealed_at   timestamptz NOT NULL,
    content     text        NOT NULL,
    signature   text        NOT NULL,
    certificate bytea       NOT NULL,
    edge        bytea       NOT NULL,
    horizon     pg_snapshot NOT NULL,
    persons     bigint      NOT NULL,
    PRIMARY KEY (number)
);
COMMENT ON TABLE audit.head IS '封印の署名（追記のみ）';
COMMENT ON COLUMN audit.head.content IS '署名した内容（そのままの文字列）';
COMMENT ON COLUMN audit.head.edge IS '木の右端の節のハッシュ値';
COMMENT ON COLUMN audit.head.horizon IS 'この時点で確定していた処理。次の封印はここに見えないものを対象とする';
COMMENT ON COLUMN audit.head.persons IS '記録のある者の数';
CREATE INDEX head_tree_size ON audit.head (tree_size, number);

CREATE TABLE audit.certificate (
    digest  bytea NOT NULL,
    content text  NOT NULL,
    PRIMARY KEY (digest)
);
COMMENT ON TABLE audit.certificate IS '署名に用いた証明書';

CREATE TABLE audit.wording (
    digest  bytea NOT NULL,
    content text  NOT NULL,
    PRIMARY KEY (digest)
);
COMMENT ON TABLE audit.wording IS '記録の日本語の説明。同じ説明は一度だけ持つ';

CREATE TABLE audit.released_use (
    message_id  text        NOT NULL,
    agency      text        NOT NULL,
    place       integer     NOT NULL,
    released_at timestamptz NOT NULL,
    ground      text        NOT NULL,
    operator    text        NOT NULL,
    approved_by text        NOT NULL CHECK (approved_by <> operator),
    PRIMARY KEY (message_id, agency, place)
);
COMMENT ON TABLE audit.released_use IS '表示の留保の解除（追記のみ）。条件が満たされたことを二人で確かめる';

CREATE TABLE audit.witness (
    head_number  bigint      NOT NULL,
    witness      text        NOT NULL,
    witnessed_at timestamptz NOT NULL,
    signature    text        NOT NULL,
    certificate  bytea       NOT NULL,
    PRIMARY KEY (head_number, witness)
);
COMMENT ON TABLE audit.witness IS '他のノードによる封印の確認の署名（追記のみ）';

GRANT SELECT, INSERT ON audit.leaf, audit.log_page, audit.head, audit.certificate, audit.wording, audit.released_use,
                        audit.witness TO :"app_role";

-- The map of persons is no log: it says the present state of every person's chain, can be made again from the leaves,
-- and its root stands in every signed head. So it lives apart, and is updated.
CREATE SCHEMA sealing;
COMMENT ON SCHEMA sealing IS '封印の現在の状態';

CREATE TABLE sealing.map_bucket (
    bucket  integer NOT NULL,
    persons bytea   NOT NULL,
    PRIMARY KEY (bucket)
) WITH (fillfactor = 70);
COMMENT ON TABLE sealing.map_bucket IS '人ごとの記録の件数と最後のハッシュ値。鍵の先頭24ビットごとにまとめる';

CREATE TABLE sealing.map_page (
    level    smallint NOT NULL,
    position integer  NOT NULL,
    children bytea    NOT NULL CHECK (length(children) = 512),
    PRIMARY KEY (position, level)
) WITH (fillfactor = 70);
COMMENT ON TABLE sealing.map_page IS '人ごとの記録の木の節';

GRANT USAGE ON SCHEMA sealing TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON sealing.map_bucket, sealing.map_page TO :"app_role";
