namespace Hypersend.Server.Features.Files.Tus;

/// <summary>The words of the protocol.</summary>
internal static class TusHeaders
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,creation-defer-length,checksum,concatenation,expiration,termination";
    public const string Bytes = "application/offset+octet-stream";

    public const string Resumable = "Tus-Resumable";
    public const string Versions = "Tus-Version";
    public const string Extension = "Tus-Extension";
    public const string MaxSize = "Tus-Max-Size";
    public const string ChecksumAlgorithms = "Tus-Checksum-Algorithm";

    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string DeferLength = "Upload-Defer-Length";
    public const string Metadata = "Upload-Metadata";
    public const string Checksum = "Upload-Checksum";
    public const string Concat = "Upload-Concat";
    public const string Expires = "Upload-Expires";
    public const string MethodOverride = "X-HTTP-Method-Override";

    /// <summary>Ours: the id of the file when the upload is finished.</summary>
    public const string FileId = "Hypersend-File-Id";

    /// <summary>Ours: a bearer token for this upload alone, that outlives the one the client came with.</summary>
    public const string UploadToken = "Hypersend-Upload-Token";
}
