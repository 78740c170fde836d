print("log-peer")
