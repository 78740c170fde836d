import Foundation
import TestKit
import Testing

/// Header rows are those that backtrader and vectorbt wrote; the rows below them are made here.
@Suite("recount audit-trades", .timeLimit(.minutes(10)))
struct AuditTradesTests {
    private let folder = TemporaryFolder()

    private func made() throws {
        let made = try Shell.run(
            """
            set -e
            echo ticker,date,open,high,low,close,volume > bars.csv
            for d in 02 03 04 05 06; do
              echo "AAA,2020-03-$d,50,51,49,50.5,1000" >> bars.csv
              echo "BBB,2020-03-$d,20,21,19,20.5,1000" >> bars.csv
            done
            $R ingest prices bars.csv --data d
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
    }

    private func audit(_ name: String, _ text: String) throws -> [String: Any] {
        _ = try folder.write(name, text)
        let answer = try Shell.run("$R audit-trades \(name) --data d --json", in: folder.path)
        let line = answer.output.split(separator: "\n").last.map(String.init) ?? ""
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let parts = try #require(object as? [String: Any], "\(answer.output)")
        let isSound = try #require(parts["sound"] as? Bool)
        #expect(answer.status == (isSound ? 0 : 65), "\(name): \(answer.output)")
        return parts
    }

    private func kinds(_ parts: [String: Any]) -> [String] {
        (parts["findings"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    }

    @Test("reads vectorbt's trades: longs, shorts, partial exits, fees of both sides, open ones")
    func vectorbt() throws {
        try made()
        let parts = try audit(
            "trades.csv",
            """
            Exit Trade Id,Column,Size,Entry Timestamp,Avg Entry Price,Entry Fees,Exit Timestamp,\
            Avg Exit Price,Exit Fees,PnL,Return,Direction,Status,Position Id
            0,AAA,40.0,2020-03-02,50.0,1.0,2020-03-04,51.0,1.0,38.0,0.019,Long,Closed,0
            1,AAA,60.0,2020-03-02,50.0,1.5,2020-03-05,49.0,1.5,-63.0,-0.021,Long,Closed,0
            2,"('ma', 'BBB')",10.0,2020-03-02,20.0,0.0,2020-03-04,19.5,0.0,5.0,0.025,Short,Closed,1
            3,BBB,10.0,2020-03-05,22.0,0.0,2020-03-06,20.5,0.0,-15.0,-0.07,Long,Open,2

            """)
        #expect(parts["trades"] as? Int == 4 && parts["positions"] as? Int == 3)
        #expect(parts["held"] as? Int == 1 && parts["profit"] as? Double == -20)
        #expect(kinds(parts) == ["outsideBar"] && parts["drawn_for"] as? Int == 2)
    }

    @Test(
        "pairs single fills of vectorbt's orders and backtrader's Transactions, first in first out")
    func fills() throws {
        try made()
        let orders = try audit(
            "orders.csv",
            """
            Order Id,Column,Timestamp,Size,Price,Fees,Side
            0,AAA,2020-03-02,100.0,50.0,5.0,Buy
            1,AAA,2020-03-03,40.0,51.0,2.0,Sell
            2,AAA,2020-03-04,110.0,50.5,5.5,Sell

            """)
        // 40 at 1 and 60 at half a dollar less fees of 5, 2 and 60/110 of 5.5; 50 are still short.
        #expect(orders["trades"] as? Int == 3 && orders["held"] as? Int == 1)
        #expect(orders["profit"] as? Double == 60 && kinds(orders).isEmpty)
        let transactions = try audit(
            "tx.csv",
            """
            date,amount,price,sid,symbol,value
            2020-03-02,-50,20.0,1,BBB,1000.0
            2020-03-04,150,19.0,1,BBB,-2850.0
            2020-03-06,-100,21.0,1,BBB,2100.0

            """)
        #expect(transactions["trades"] as? Int == 2 && transactions["profit"] as? Double == 250)
    }

    @Test("reads round trips that backtrader's notify_trade tells, with hours")
    func backtrader() throws {
        try made()
        let parts = try audit(
            "bt.csv",
            """
            ref,ticker,dir,datein,pricein,dateout,priceout,size,commission,pnl,pnlcomm,barlen
            1,BBB,short,2020-03-02T00:00:00,20.0,2020-03-04T00:00:00,19.0,50,1.0,50.0,49.0,2
            5,AAA,long,2020-03-03T14:30:00+00:00,50.0,2020-03-05T20:00:00Z,51.0,10,1.0,10.0,9.0,2
            5,AAA,long,2020-03-03T14:30:00+00:00,50.0,2020-03-05T20:00:00Z,51.0,10,1.0,10.0,9.0,2
            6,AAA,long,2020-03-07,50.0,2020-03-08,51.0,10,1.0,10.0,9.5,2
            7,AAA,sideways,2020-03-03,50.0,2020-03-05,51.0,10,1.0,10.0,9.0,2

            """)
        #expect(
            kinds(parts) == ["duplicate", "profitDiffers", "unknownSession", "unknownSession"])
        let rejected = try #require(parts["rejected"] as? [[String: Any]])
        #expect(rejected.count == 1 && rejected[0]["line"] as? Int == 6)
    }

    @Test("says what a file lacks")
    func columns() throws {
        try made()
        _ = try folder.write("x.csv", "symbol,entry_time,entry_price,size\n")
        let answer = try Shell.run("$R audit-trades x.csv --data d", in: folder.path)
        #expect(answer.status == 65 && answer.output.contains("no column for the exit time"))
    }
}
