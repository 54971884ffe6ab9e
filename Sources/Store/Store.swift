/// What is kept on disk.
public enum StoreVersion { public static let current = 1 }
