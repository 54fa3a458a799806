namespace Hypersend.Server.Platform.Secrets;

/// <summary>A configured secret is unusable; the message is the sentence the operator reads when the start stops.</summary>
internal sealed class SecretRefusedException(string message) : Exception(message);
