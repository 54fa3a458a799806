namespace Hypersend.Sdk.Files;

/// <summary>There was such a file, and its bytes are not there any more: it was deleted, its time is over, or its upload was given up.</summary>
public sealed class FileGoneException(string message) : Exception(message);
