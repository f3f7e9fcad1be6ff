using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>
/// Puts every metered route into the catalogue. Rows are only added, so that an administrator's changes stay; a row that an
/// administrator had already made at the route's path becomes the route's row.
/// </summary>
internal static class EndpointSeed
{
    public static async Task ApplyAsync(AppDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await db.Set<Endpoint>().Where(endpoint => endpoint.RouteKey != null).Select(endpoint => endpoint.RouteKey)
            .ToListAsync(cancellationToken);
        foreach (var route in MeteredRoutes.All.Where(route => !known.Contains(route.Key)))
        {
            var endpoint = await db.Set<Endpoint>().FirstOrDefaultAsync(row => row.Path == route.Path, cancellationToken);
            if (endpoint is null)
            {
                endpoint = new Endpoint(route.Name, route.Path, route.Description, route.Cost, time.GetUtcNow());
                db.Add(endpoint);
            }

            endpoint.BindTo(route.Key);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
