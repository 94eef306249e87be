-- The second wall between businesses: whatever a statement asks for, PostgreSQL shows and takes only rows of the business
-- that its transaction is about, as the store says when it begins one. Superusers and roles with BYPASSRLS stand above it.
--
-- A later migration that adds a table with a business_id ends with: SELECT raise_walls();
-- One that changes rows takes the wall down for so long: ALTER TABLE … NO FORCE ROW LEVEL SECURITY.

-- The business that the transaction is about; NULL while it is looked up whose something is.
CREATE FUNCTION this_business() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT NULLIF(current_setting('trialmark.business', TRUE), '')::uuid $$;

-- Puts a wall round every table that has rows of businesses and none yet.
CREATE FUNCTION raise_walls() RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    tenant NAME;
BEGIN
    FOR tenant IN
        SELECT t.table_name FROM information_schema.tables t
        JOIN information_schema.columns c USING (table_schema, table_name)
        WHERE t.table_schema = current_schema AND t.table_type = 'BASE TABLE' AND c.column_name = 'business_id'
        AND NOT EXISTS (SELECT 1 FROM pg_policies p
            WHERE p.schemaname = t.table_schema AND p.tablename = t.table_name AND p.policyname = 'own')
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant);
        EXECUTE format('CREATE POLICY own ON %I USING (business_id = this_business()) '
            'WITH CHECK (business_id = this_business())', tenant);
    END LOOP;
END $$;
SELECT raise_walls();

-- What is found by a token, a link or a person before it is known whose it is may be looked up, and nothing more. Whoever
-- ends their sessions ends them in every business.
CREATE POLICY looked_up ON members FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON sessions FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON tokens FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON invites FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON follow_ups FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON devices FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON required_factors FOR SELECT USING (this_business() IS NULL);
CREATE POLICY ended ON sessions FOR DELETE USING (this_business() IS NULL);

-- Businesses have public names, which anyone may look up.
ALTER TABLE businesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE businesses FORCE ROW LEVEL SECURITY;
CREATE POLICY looked_up ON businesses FOR SELECT USING (TRUE);
CREATE POLICY own ON businesses USING (id = this_business()) WITH CHECK (id = this_business());
