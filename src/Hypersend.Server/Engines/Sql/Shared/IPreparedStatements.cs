namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>A connection that keeps statements prepared. It is told the text before the command is made.</summary>
internal interface IPreparedStatements
{
    void Expect(string sql);
}
