namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>More passwords wait to be hashed than the queue holds; the caller answers 503 with Retry-After.</summary>
internal sealed class HashingBusyException() : Exception("Too many passwords wait to be hashed.");
