-- wrk.lua, with another host in each request: h<number>.test, of as many as the first word behind -- says, in a fixed random order.
dofile(debug.getinfo(1, "S").source:sub(2):match("(.*/)") .. "wrk.lua")

local requests, at = {}, 0

function init(args)
    math.randomseed(1)
    for i = 1, 16384 do
        wrk.headers["Host"] = string.format("h%d.test", math.random(0, tonumber(args[1]) - 1))
        requests[i] = wrk.format("GET", wrk.path)
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end
