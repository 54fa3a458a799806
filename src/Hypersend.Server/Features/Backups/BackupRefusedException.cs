namespace Hypersend.Server.Features.Backups;

/// <summary>A backup cannot be made, read or restored; the message is the sentence that the operator reads.</summary>
internal sealed class BackupRefusedException(string message, Exception? inner = null) : Exception(message, inner);
