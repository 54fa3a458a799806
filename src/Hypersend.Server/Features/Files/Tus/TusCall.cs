using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>A request as the protocol sees it. What the requirements have read is kept here.</summary>
internal sealed class TusCall(HttpRequest request, Uri? publicUrl = null)
{
    public IHeaderDictionary Headers => request.Headers;

    public string? ContentType => request.ContentType;

    public long? BodyLength => request.ContentLength;

    public long? Offset { get; set; }

    /// <summary>Upload-Length.</summary>
    public long? Length { get; set; }

    public TusChecksum? Checksum { get; set; }

    /// <summary>The new upload is one of several that will be one file.</summary>
    public bool IsPart { get; set; }

    /// <summary>Of what the new file is made; null when it is to be sent.</summary>
    public IReadOnlyList<FileId>? Parts { get; set; }

    /// <summary>What is asked for, when all was read.</summary>
    public InitUploadRequest? Wish { get; set; }

    /// <summary>The upload that the request goes on with.</summary>
    public StoredTus? Upload { get; set; }

    /// <summary>
    /// An address without a host, or with one under which this server is known: another server's uploads are none of ours, also
    /// when their ids look alike.
    /// </summary>
    public bool IsOurs(string address)
    {
        if (address.StartsWith('/'))
            return !address.StartsWith("//", StringComparison.Ordinal);
        return Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && (IsAt(url, request.Host) || (publicUrl is not null && url.Authority == publicUrl.Authority));
    }

    private static bool IsAt(Uri url, HostString host) =>
        url.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? url.Port == port : url.IsDefaultPort);

    /// <summary>Null when it is absent; false when it is no number from 0.</summary>
    public bool? TryReadNumber(string header, out long number)
    {
        number = 0;
        var values = Headers[header];
        return values.Count == 0 ? null : values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
