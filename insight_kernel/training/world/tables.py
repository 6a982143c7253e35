"""How the tables of private bodies and cameras map to entities, in FollowTheMoney's mapping form."""

from dataclasses import dataclass

_PAYMENT = {
    "transactionNumber": "transaction",
    "date": "booked",
    "payer": "payer",
    "payerAccount": "payer_account",
    "beneficiary": "payee",
    "beneficiaryAccount": "payee_account",
    "amount": "amount",
    "amountEur": "amount",
    "currency": "currency",
    "purpose": "purpose",
}
_CALL = {
    "recordId": "call",
    "date": "start",
    "duration": "seconds",
    "caller": "from_key",
    "callerNumber": "from_number",
    "receiver": "to_key",
    "receiverNumber": "to_number",
}
_READ = {
    "recordId": "read",
    "date": "time",
    "registrationNumber": "plate",
    "registrationCountry": "country",
    "camera": "camera",
    "latitude": "latitude",
    "longitude": "longitude",
    "vehicle": "vehicle",
    "confidence": "confidence",
}


@dataclass(frozen=True)
class Table:
    """One table: file name without ending, schema and key of a row, property -> column, other values."""

    file: str
    schema: str
    key: str
    columns: dict[str, str]
    more: dict[str, dict[str, str]]

    def mapping(self, source: str) -> dict[str, object]:
        """Return the mapping file; entity columns hold ids that other sources of the world deliver.

        Examples
        --------
        >>> TABLES["northtel-calls"].mapping("x")["x"]["queries"][0]["csv_url"]
        'calls.csv'
        """
        properties = {name: {"column": column} for name, column in self.columns.items()} | self.more
        entity = {"schema": self.schema, "key": self.key, "properties": properties}
        return {source: {"queries": [{"csv_url": f"{self.file}.csv", "entities": {self.file: entity}}]}}


_PLACE = {
    "name": {"template": "{{plate}} at {{camera}}"},
    "location": {"template": "{{camera}} between Hamburg and Cologne"},
    "country": {"literal": "de"},
}
TABLES: dict[str, Table] = {
    "acmebank-payments": Table("payments", "Payment", "transaction", _PAYMENT, {}),
    "northtel-calls": Table("calls", "Call", "call", _CALL, {}),
    "de-plates": Table("reads", "PlateRead", "read", _READ, _PLACE),
}
