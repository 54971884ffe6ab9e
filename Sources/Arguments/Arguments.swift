/// Reads a command line.
public enum Arguments {}
