-- Whose tag bears a code is asked by whoever scans it, before it is known whose it is.
CREATE POLICY looked_up ON places FOR SELECT USING (this_business() IS NULL);
CREATE POLICY looked_up ON old_codes FOR SELECT USING (this_business() IS NULL);
