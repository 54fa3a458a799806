namespace Hypersend.Server.Features.Imports;

/// <summary>An export cannot be taken as it is; the message is the sentence for the operator.</summary>
internal sealed class ImportRefusedException(string message, Exception? inner = null) : IOException(message, inner);
