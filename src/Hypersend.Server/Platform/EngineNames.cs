namespace Hypersend.Server.Platform;

/// <summary>Which engine stands behind each port, for logs and people; never an address, which may hold a password.</summary>
internal sealed record EngineNames(string Database, string Storage, string Bus, string Mail);
