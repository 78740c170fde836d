import Brokerage
import Foundation

/// A number that Alpaca writes as a text, and here and there as a number.
struct AlpacaNumber: Decodable, Hashable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else {
            text = "\(try container.decode(Decimal.self))"
        }
    }
}

/// The answers of Alpaca's REST v2, with the fields that are read; all others are passed over.
enum AlpacaAnswer {
    struct Failure: Decodable {
        let code: Int?
        let message: String?
    }

    struct Account: Decodable {
        let id: String
        let accountNumber: String
        let status: String
        let cash: AlpacaNumber
        let equity: AlpacaNumber
        let accruedFees: AlpacaNumber?
        let tradingBlocked: Bool
        let accountBlocked: Bool
        let tradeSuspendedByUser: Bool
    }

    struct Configurations: Decodable {
        let noShorting: Bool
        let maxMarginMultiplier: AlpacaNumber
        let suspendTrade: Bool?
    }

    struct Clock: Decodable {
        let timestamp: String
        let isOpen: Bool
        let nextOpen: String
        let nextClose: String
    }

    struct Session: Decodable {
        let date: String
        let open: String
        let close: String
    }

    struct Asset: Decodable {
        let id: String
        let symbol: String
        let status: String
        let tradable: Bool
    }

    struct Order: Decodable {
        let id: String
        let clientOrderId: String
        let submittedAt: String?
        let createdAt: String
        let updatedAt: String?
        let replacedBy: String?
        let replaces: String?
        let assetId: String?
        let symbol: String?
        let qty: AlpacaNumber?
        let filledQty: AlpacaNumber?
        let filledAvgPrice: AlpacaNumber?
        let type: String?
        let side: String?
        let timeInForce: String?
        let limitPrice: AlpacaNumber?
        let stopPrice: AlpacaNumber?
        let status: String
    }

    struct Position: Decodable {
        let assetId: String
        let symbol: String
        let assetClass: String
        let avgEntryPrice: AlpacaNumber
        let currentPrice: AlpacaNumber?
        let qty: AlpacaNumber
        let qtyAvailable: AlpacaNumber?
        let side: String
    }

    struct Activity: Decodable {
        let id: String
        let activityType: String
        let symbol: String?
        // Of a fill.
        let transactionTime: String?
        let price: AlpacaNumber?
        let qty: AlpacaNumber?
        let side: String?
        let orderId: String?
        let cumQty: AlpacaNumber?
        // Of anything else.
        let date: String?
        let netAmount: AlpacaNumber?
    }

    struct Stream: Decodable {
        struct Content: Decodable {
            let status: String?
            let action: String?
            let streams: [String]?
            let event: String?
            let order: Order?
        }

        let stream: String
        let data: Content
    }
}
