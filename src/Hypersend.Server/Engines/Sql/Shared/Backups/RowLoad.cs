namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Puts many rows into one table by the engine's quickest way; the values of a row come in the order of the columns.</summary>
internal abstract class RowLoad : IDisposable
{
    public abstract void BeginRow();

    public abstract void Null();

    public abstract void Integer(long value);

    public abstract void Boolean(bool value);

    public abstract void Text(string value);

    public abstract void Bytes(byte[] value);

    public abstract void Id(Guid value);

    public abstract void EndRow();

    /// <summary>Nothing counts before this, nor before the end of the transaction.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}
