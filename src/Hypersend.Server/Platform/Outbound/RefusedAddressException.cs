namespace Hypersend.Server.Platform.Outbound;

/// <summary>A name led to an address that is not on the open internet; nothing was sent there.</summary>
internal sealed class RefusedAddressException() : IOException("The name leads to an address that is not on the open internet.")
{
    public static bool IsBehind(Exception? exception) => exception is RefusedAddressException || (exception?.InnerException is { } inner && IsBehind(inner));
}
