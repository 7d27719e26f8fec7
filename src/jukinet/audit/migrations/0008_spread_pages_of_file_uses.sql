-- On which page of its portion a person stands follows from the code: pages are written without sorting, and one person
-- is found without a look at the others. Portions of before (pages is null) are looked through.
ALTER TABLE audit.file_use ADD COLUMN pages integer CHECK (pages > 0);
COMMENT ON COLUMN audit.file_use.pages IS 'ページの数。ある者のページは、住民票コードの下6桁をこの数で割った余り';
ALTER TABLE audit.file_use_page DROP COLUMN first_code, DROP COLUMN last_code;
COMMENT ON TABLE audit.file_use_page IS 'ファイルにより提供された者（追記のみ）。住民票コードの下6桁によりページに分ける';
CREATE OR REPLACE VIEW audit.unsealed_file_use AS
    SELECT message_id, agency, portion, pages
      FROM audit.file_use
     WHERE recorded_in >= COALESCE((SELECT CASE WHEN pg_snapshot_xmin(horizon) <= pg_snapshot_xmax(pg_current_snapshot())
                                                THEN pg_snapshot_xmin(horizon) END
                                      FROM audit.head
                                     ORDER BY number DESC
                                     LIMIT 1), '0'::xid8)
       AND NOT EXISTS (SELECT FROM audit.sealed_file_use AS sealed
                        WHERE sealed.message_id = file_use.message_id AND sealed.agency = file_use.agency
                          AND sealed.portion = file_use.portion);
