import Events
import Testing

/// Options are told from shares in the rows that importers keep as rejected.
@Suite("Options in filed rows")
struct FiledOptionTests {
    private func option(_ row: String) -> FiledOption? { FiledOption(row: Array(row.utf8)) }

    /// A Senate filing as the importer keeps it, in one transaction.
    private func senate(
        _ asset: String, type: String = "Stock Option", side: String = "Purchase",
        ticker: String = "<a href=\\\"https://x.example/q?s=ACME\\\">ACME</a>"
    ) -> String {
        """
        {"first_name": "Ann  B", "last_name": "Lee", "office": "Lee, Ann (Senator)", \
        "date_recieved": "03/03/2020", "transactions": [{"transaction_date": "02/12/2020", \
        "owner": "Spouse", "ticker": "\(ticker)", "asset_description": "\(asset)", \
        "asset_type": "\(type)", "type": "\(side)", "amount": "$1,001 - $15,000", \
        "comment": "--"}], "bioguide": "X000001"}
        """
    }

    @Test("a Senate row's filer, underlying, right or side is another than it says")
    func object() throws {
        let put = try #require(
            option(
                senate(
                    "Acme, Inc. <div class=\\\"text-muted\\\">Option Type: Put <br>"
                        + "<em>Strike price:</em> $120.00 </div>")))
        #expect(put.filer == "Ann B Lee" && put.underlying == "ACME")
        #expect(put.right == .put && put.side == .buy)
        #expect(put.traded == "02/12/2020" && put.amount == "$1,001 - $15,000")
        #expect(put.asset == "Acme, Inc. Option Type: Put Strike price: $120.00")
        let call = try #require(
            option(senate("Acme call", side: "Sale (Full)", ticker: "--")))
        #expect(call.right == .call && call.side == .sell && call.underlying.isEmpty)
        #expect(option(senate("Acme", side: "Exchange"))?.side == nil)
        #expect(option(senate("Acme"))?.right == .unknown)
        #expect(option(senate("put and call"))?.right == .unknown)
    }

    @Test("a share, a fund or a bond is an option, or an option of a table is none")
    func distinguished() throws {
        #expect(option(senate("Option Care Health, Inc.", type: "Stock")) == nil)
        #expect(option(senate("Acme stock options", type: "Corporate Bond")) == nil)
        #expect(option(senate("Option Care Health, Inc.", type: "")) == nil)
        let head = "name,ticker,asset,type,transaction_date\n"
        #expect(option(head + "Ann Lee,OPCH,\"Option Care, Inc. - Common\",P,2020-01-02\n") == nil)
        let row = try #require(
            option(head + "\"Lee, Ann\",ACME,\"Acme, Inc. [OP] call options\",S,2020-01-02\n"))
        #expect(row.filer == "Lee, Ann" && row.underlying == "ACME" && row.side == .sell)
        #expect(row.right == .call && row.traded == "2020-01-02")
        let marked = try #require(
            option(
                "#filed=Filed;dates=month-first\nRepresentative;Symbol;Asset_Type;Type\n"
                    + "Ann Lee;acme;Options;buy\n"))
        #expect(marked.filer == "Ann Lee" && marked.underlying == "ACME" && marked.side == .buy)
        for noise in ["", "{", "{\"a\": \"", "#", "\n", "a,b", "{\"asset_type\":\"\\", "\"\"\n\""] {
            #expect(option(noise) == nil)
        }
    }

    @Test("rows are counted under another filer, underlying, right or side")
    func counted() throws {
        let options = try [
            senate("Acme put"), senate("Acme put"), senate("Acme call", side: "Sale (Partial)"),
            senate("Acme call", ticker: "BOLT"),
        ].map { try #require(option($0)) }
        let counts = FiledOption.counts(options)
        #expect(counts.map(\.underlying) == ["ACME", "BOLT"])
        #expect(
            counts[0].rows == 3 && counts[0].bought == [0, 2, 0] && counts[0].sold == [1, 0, 0])
        #expect(counts[1].bought == [1, 0, 0])
    }
}
