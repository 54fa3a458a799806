namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>The blocks as they are seen at one moment.</summary>
internal interface IBlockReader
{
    ValueTask<byte[]> ReadAsync(long id);
}
