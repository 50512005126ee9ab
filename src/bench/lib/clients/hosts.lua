-- wrk.lua, with another file in each request: of as many files as the second word behind -- says, spread evenly over as many hosts
-- (h<number>.test) as the first says, in a fixed random order. $ in the path stands for the number of the file on its host.
dofile(debug.getinfo(1, "S").source:sub(2):match("(.*/)") .. "wrk.lua")

local requests, at = {}, 0

function init(args)
    local hosts, files = tonumber(args[1]), tonumber(args[2])
    math.randomseed(1)
    for i = 1, 16384 do
        local file = math.random(0, files - 1)
        wrk.headers["Host"] = string.format("h%d.test", file % hosts)
        requests[i] = wrk.format("GET", (wrk.path:gsub("%$", math.floor(file / hosts))))
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end
