// The sum of the ledger.
int total(void);
