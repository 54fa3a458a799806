namespace Hypersend.Sdk.Files;

/// <summary>The file is not what it was when its upload began: what was sent of it is of no use.</summary>
public sealed class SourceChangedException(string message) : Exception(message);
