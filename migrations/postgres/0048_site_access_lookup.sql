-- Whether a token or a session is still valid depends on the sites of its maker, and is asked before a transaction has a business.
CREATE POLICY looked_up ON reaches FOR SELECT USING (this_business() IS NULL);
