using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Shared;

internal static class SnakeCaseColumns
{
    /// <summary>Names columns as an operator types them in SQL, the same on every database.</summary>
    public static void UseSnakeCaseColumns(this ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
