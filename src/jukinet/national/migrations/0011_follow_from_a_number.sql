-- A reference may be given to somebody else later: of whoever has it now, only what came after is told under it.
ALTER TABLE feed.followed_person ADD COLUMN followed_after bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN feed.followed_person.followed_after IS '登録したときの最後の通し番号。これより後の事象だけを提供する';
