/** Turns the specs of the smoke project to the PostgreSQL 15 server; each spec file has an environment of its own. */
process.env['MALIPO_TEST_URL'] = process.env['MALIPO_TEST_URL_15'];
