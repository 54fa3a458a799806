namespace Hypersend.Server.Features.Files;

/// <summary>Bytes that can be sent from any place.</summary>
internal interface IByteSource
{
    /// <summary>The file whose bytes are being sent just now.</summary>
    FileRow Current { get; }

    /// <summary>
    /// Sends these bytes, both ends included, as far as there are any. Throws <see cref="BytesEndedException"/> when bytes
    /// that were promised will not come.
    /// </summary>
    Task CopyAsync(long from, long to, RunningDownload run);
}

/// <summary>Bytes that were promised will not come: the connection is cut, so that nobody takes a part for the whole.</summary>
internal sealed class BytesEndedException(string why) : Exception(why);
